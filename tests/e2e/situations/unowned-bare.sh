# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The founding incident: neither the address nor a default route.
place=bare families="4 6" verdict=blackhole causes="address-missing no-default-route"
publish() { publish_plainly; }
