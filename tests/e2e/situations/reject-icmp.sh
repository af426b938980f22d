# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The firewall says no by ICMP: clients do not hang.
place=end families="4 6" verdict=refused
publish() { publish_plainly; }
prepare() { own && nft_rule filter input filter reject with icmpx admin-prohibited; }
