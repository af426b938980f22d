# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The same of an address that nobody published.
place=forwards families="4 6" verdict=forwarded port=995
prepare() {
	on_host_ip route add "$address" dev c0
	inside container ip "-$family" addr add "$address/$length" dev eth0
}
