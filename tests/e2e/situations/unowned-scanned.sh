# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Whoever sends it: a SYN to a published address that nobody has is lost.
place=end families="4 6" verdict=blackhole
publish() { publish_plainly; }
act() { sent_by bare; }
