# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A frame for another host's MAC address.
place=end families="4 6" verdict=foreign
publish() { publish_plainly; }
act() { frame_to 02:00:00:00:00:99; }
