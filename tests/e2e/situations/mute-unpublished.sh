# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The same of an address that nobody published.
place=end families="4 6" verdict=mute causes=filtered
prepare() { own && nft_rule filter input filter drop; }
