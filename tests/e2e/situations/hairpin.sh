# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A host that forwards throws it back to the router, and no drop is ever seen here.
place=forwards families="4 6" verdict=blackhole causes="address-missing hairpin"
publish() { publish_plainly; }
