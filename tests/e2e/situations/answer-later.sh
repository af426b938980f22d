# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Owned, and within the time that an answer may take.
place=end families="4 6" verdict=pending
publish() { publish_plainly; }
prepare() { own && nft_rule filter input filter drop; }
act() { :; }
late() { sent_by bare; }
