# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Published, and declared to be another host's: a scanner's SYN is nothing.
place=end families="4 6" verdict=scan
publish() {
	publish_plainly
	option --elsewhere "$address"
}
act() { sent_by bare; }
