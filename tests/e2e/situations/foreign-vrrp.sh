# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The virtual router's MAC address, and this host is not its master.
place=end families="4 6" verdict=foreign
publish() { publish_plainly; }
act() { frame_to "00:00:5e:00:0$((family / 2 - 1)):07"; }
