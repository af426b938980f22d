# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The founding incident with its default route: published, on no interface, and dialled.
place=end families="4 6" verdict=blackhole causes=address-missing
publish() { publish_plainly; }
