# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Owned, a listener answers, and the firewall drops the answers.
place=end families="4 6" verdict=mute
publish() { publish_plainly; }
prepare() { own && nft_rule filter output filter drop; }
