# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The published address is translated to this one by somebody before us.
place=end families="4 6" verdict=served
publish() {
	local public=203.0.113.250
	[[ $family == 4 ]] || public=2001:db8:ffff::250
	record "$name $type $public"
	option -n "$name.example.org"
	option --alias "$public=$address"
}
prepare() { own; }
