# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A temporary address has expired, and a late SYN comes.
place=end families=6 verdict=scan
act() {
	on_host ip addr add "$address/$length" dev eth0 nodad valid_lft 2 preferred_lft 1
	dials 0.5
	sleep 2
	until [[ -z $(on_host ip -o addr show dev eth0 to "$address") ]]; do
		sleep 0.1
	done
	sleep 0.2
	sent_by zmap
}
