# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Published by way of another name.
place=end families="4 6" verdict=blackhole causes=address-missing
publish() {
	record "$name CNAME to-$name"
	record "to-$name $type $address"
	option -n "$name.example.org"
}
