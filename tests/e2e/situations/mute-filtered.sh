# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Owned, a listener waits, and the firewall drops what real clients send.
place=end families="4 6" verdict=mute causes=filtered
publish() { publish_plainly; }
prepare() { own && nft_rule filter input filter drop; }
