# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The address is here, and so is the listener.
place=end families="4 6" verdict=served causes=''
publish() { publish_plainly; }
prepare() { own; }
