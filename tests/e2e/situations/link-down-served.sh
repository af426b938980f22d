# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The address is on an interface that is down, but its local route is there: served by the others.
place=end families="4 6" verdict=served
publish() { publish_plainly; }
prepare() {
	wire mail "down$family" router "down$family"
	on_host_ip addr add "$address/$length" dev "down$family"
}
