# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Published as a service's target.
place=end families="4 6" verdict=blackhole causes=address-missing
publish() {
	record "_imaps._tcp.$name SRV 0 1 993 to-$name"
	record "to-$name $type $address"
	option --srv "_imaps._tcp.$name.example.org"
}
