# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The firewall lets them in at first, and then drops.
place=end families="4 6" verdict=mute causes=filtered
publish() { publish_plainly; }
prepare() { own; }
act() {
	dials 0.5
	nft_rule filter input filter drop
	dials $((ACTING - 1))
}
