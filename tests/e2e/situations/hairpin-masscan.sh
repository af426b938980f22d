# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A scanner's identical repeats, each thrown back and forth.
place=forwards families="4 6" verdict=scan
act() { sent_by masscan; }
