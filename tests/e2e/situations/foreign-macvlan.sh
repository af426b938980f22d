# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A macvlan has the address, and a MAC address of its own.
place=proxied families="4 6" verdict=foreign
possible() {
	on_host ip link add macvlan0 link eth0 type macvlan && on_host ip link del macvlan0
}
publish() { publish_plainly; }
prepare() {
	namespace "macvlan$family"
	ip -n "$world-forwards" link add "macvlan$family" link eth0 netns "$world-macvlan$family" \
		type macvlan mode bridge
	configure "macvlan$family" <<-END
		link set macvlan$family up
		addr add $address/$length dev macvlan$family
		route add 0.0.0.0/0 dev macvlan$family
		route add ::/0 via fe80::1 dev macvlan$family
	END
}
