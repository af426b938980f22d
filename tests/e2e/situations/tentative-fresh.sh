# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The kernel still asks whether the address is a duplicate.
place=end families=6 verdict=pending causes=address-tentative
publish() { publish_plainly; }
act() {
	sleep $((ACTING - 1))
	own_asking 600
	dials 0.5
}
