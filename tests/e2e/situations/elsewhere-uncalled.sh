# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Published, and declared to be another host's.
place=end families="4 6" verdict=none
publish() {
	publish_plainly
	option --elsewhere "$address"
}
act() { :; }
