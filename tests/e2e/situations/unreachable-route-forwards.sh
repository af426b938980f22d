# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A host that forwards tells the client that the route is unreachable.
place=forwards families="4 6" verdict=refused
publish() { publish_plainly; }
prepare() { dialled_from 102 && on_host_ip route add unreachable "$address/$length"; }
