# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Answered for on the link by proxy, and routed on to a container, which says nothing.
place=proxied families="4 6" verdict=forwarded port=995
publish() { publish_plainly; }
prepare() {
	on_host sh -c 'echo 1 >/proc/sys/net/ipv6/conf/eth0/proxy_ndp'
	on_host_ip neigh add proxy "$address" dev eth0
	on_host_ip route add "$address" dev c0
	inside container ip "-$family" addr add "$address/$length" dev eth0
}
