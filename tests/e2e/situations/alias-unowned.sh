# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The same, and this host does not have the inner address.
place=end families="4 6" verdict=blackhole
publish() {
	local public=203.0.113.251
	[[ $family == 4 ]] || public=2001:db8:ffff::251
	record "$name $type $public"
	option -n "$name.example.org"
	option --alias "$public=$address"
}
