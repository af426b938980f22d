# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Published as a mail exchanger.
place=end families="4 6" verdict=blackhole causes=address-missing
publish() {
	record "$name MX 10 to-$name"
	record "to-$name $type $address"
	option --mx "$name.example.org"
}
