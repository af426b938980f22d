# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A client on another system (macos) waits for an address that nobody has.
place=end families="4 6" verdict=stray
act() { sent_by macos; }
