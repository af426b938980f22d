# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The firewall says no by a reset.
place=end families="4 6" verdict=refused
publish() { publish_plainly; }
prepare() { own && nft_rule filter input filter meta l4proto tcp reject with tcp reset; }
