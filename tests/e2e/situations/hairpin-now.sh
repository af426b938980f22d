# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What was seen to leave again is said at once.
place=forwards families="4 6" verdict=blackhole
publish() { publish_plainly; }
act() { :; }
late() { sent_by bare; }
