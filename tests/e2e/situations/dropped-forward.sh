# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A host that forwards drops it in its firewall.
place=forwards families="4 6" verdict=blackhole
publish() { publish_plainly; }
prepare() { nft_rule filter forward filter drop; }
