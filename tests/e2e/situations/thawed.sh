# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The firewall drops at first, and then lets them in: who waited is answered.
place=end families="4 6" verdict=served
publish() { publish_plainly; }
prepare() { own && nft_rule filter input filter drop; }
act() {
	dials &
	sleep 1.5
	on_host nft delete table inet "$name"
	wait
}
