# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Unowned, and dropped before routing: nobody answers for what is published.
place=end families="4 6" verdict=blackhole
publish() { publish_plainly; }
prepare() { nft_rule filter prerouting raw drop; }
