# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The interface is a bridge's port, and nobody on the bridge has what is asked for.
place=bridged families="4 6" verdict=blackhole causes="address-missing not-routed-here"
publish() { publish_plainly; }
