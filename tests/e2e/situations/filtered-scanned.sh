# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Owned, a listener waits, and the firewall drops; but nobody real calls.
place=end families="4 6" verdict=filtered
publish() { publish_plainly; }
prepare() { own && nft_rule filter input filter drop; }
act() { sent_by masscan; }
