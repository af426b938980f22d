# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The address is here, and no listener: a reset.
place=end families="4 6" verdict=refused causes='' port=994
publish() { publish_plainly; }
prepare() { own; }
