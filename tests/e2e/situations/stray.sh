# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# No name known here points to it, and a real client waits.
place=end families="4 6" verdict=stray
