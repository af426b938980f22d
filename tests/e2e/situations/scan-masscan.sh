# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A scanner's SYN to an address that nobody published and nobody has: masscan.
place=end families="4 6" verdict=scan
act() { sent_by masscan; }
