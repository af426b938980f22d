# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Routed on to a container, which answers: it is the container's, answered or not.
place=forwards families="4 6" verdict=forwarded
publish() { publish_plainly; }
prepare() {
	on_host_ip route add "$address" dev c0
	inside container ip "-$family" addr add "$address/$length" dev eth0
}
