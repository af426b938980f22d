# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Unowned, and a transparent proxy takes it.
place=end families="4 6" verdict=served port=899$family
possible() {
	on_host nft -c 'table inet t { chain c { type filter hook prerouting priority mangle
		meta l4proto tcp tproxy ip to :1; }; }'
}
publish() { publish_plainly; }
prepare() {
	local table=$((1000 + family)) ip=ip any=0.0.0.0
	[[ $family == 4 ]] || ip=ip6 any=::
	on_host_ip rule add fwmark 0x99 lookup $table
	on_host_ip route add local default dev lo table $table
	nft_rule filter prerouting mangle tcp dport "$port" \
		tproxy $ip to ":$port" meta mark set 0x99 accept
	on_host "$here/listen.py" --address $any --transparent "$port" >/dev/null 2>&1 &
	eventually listening mail t "$port"
}
