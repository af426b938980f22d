# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The interface is a bridge's port, and the address is on the bridge.
place=bridged families="4 6" verdict=served
publish() { publish_plainly; }
prepare() {
	if [[ $family == 4 ]]; then
		on_host ip addr add "$address/$length" dev br0
	else
		on_host ip addr add "$address/$length" dev br0 nodad
	fi
}
