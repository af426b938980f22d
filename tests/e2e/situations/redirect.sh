# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Unowned, and the firewall redirects it to an address of this host.
place=end families="4 6" verdict=served
publish() { publish_plainly; }
prepare() { nft_rule nat prerouting dstnat meta l4proto tcp redirect to :993; }
