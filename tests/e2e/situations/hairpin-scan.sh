# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A scanner's SYN is thrown back and forth: its copies are no client.
place=forwards families="4 6" verdict=scan
act() { sent_by bare; }
