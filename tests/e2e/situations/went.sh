# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The address is taken away, and a client dials it after that.
place=end families="4 6" verdict=blackhole causes=address-missing
publish() { publish_plainly; }
prepare() { own; }
act() {
	dials 0.5
	on_host_ip addr del "$address/$length" dev eth0
	dials $((ACTING - 1))
}
