# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Served by a local route, without an address in the list.
place=end families="4 6" verdict=served causes=''
publish() { publish_plainly; }
prepare() { on_host_ip route add local "$address" dev lo; }
