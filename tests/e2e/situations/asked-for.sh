# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The router takes the prefix for one on the link: only its asking is seen.
place=onlink families="4 6" verdict=blackhole causes="address-missing not-routed-here"
publish() { publish_plainly; }
