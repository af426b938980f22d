# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Another host on the link has the address: the kernel lists it, and does not serve it.
place=end families=6 verdict=unusable causes=address-dadfailed
publish() { publish_plainly; }
prepare() {
	inside router ip -6 addr add "$address/128" dev host
	own_asking 1
	eventually failed_dad
	inside router ip -6 addr del "$address/128" dev host
}
failed_dad() { on_host ip -6 addr show dev eth0 to "$address" dadfailed | grep -q inet6; }
