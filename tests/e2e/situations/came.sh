# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The address comes while a client waits for it.
place=end families="4 6" verdict=served causes=''
publish() { publish_plainly; }
act() {
	dials &
	sleep 1.5
	own
	wait
}
