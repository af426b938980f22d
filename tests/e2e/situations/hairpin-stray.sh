# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The same of an address that nobody published.
place=forwards families="4 6" verdict=stray
