# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Nobody owns a multicast group, and nobody serves connections there.
place=groups families="4 6" verdict=scan
place_groups() { host=end net4=224.0.1. first=10 net6=ff0e:: ; }
publish() { publish_plainly; }
act() { frame_to "$(mac mail eth0)"; }
