# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The address stays on an interface that went down, and its local route does not.
place=end families=6 verdict=unusable causes=link-down
publish() { publish_plainly; }
prepare() {
	wire mail down0 router down0
	up mail down0 router down0
	on_host sh -c 'echo 1 >/proc/sys/net/ipv6/conf/down0/keep_addr_on_down'
	on_host_ip addr add "$address/$length" dev down0
	on_host ip link set down0 down
}
