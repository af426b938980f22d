# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Owned, no listener, and the firewall drops: in order.
place=end families="4 6" verdict=filtered causes='' port=994
publish() { publish_plainly; }
prepare() { own && nft_rule filter input filter drop; }
