# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# ... or that it is prohibited.
place=forwards families="4 6" verdict=refused
publish() { publish_plainly; }
prepare() { dialled_from 101 && on_host_ip route add prohibit "$address/$length"; }
