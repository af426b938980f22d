# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# In IPv6 an end host tells the client that the route is unreachable.
place=end families=6 verdict=refused
publish() { publish_plainly; }
prepare() { on_host_ip route add unreachable "$address/$length"; }
