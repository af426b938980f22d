# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A policy rule takes the way back, beside a default route.
place=end families="4 6" verdict=mute causes=no-return-route ruled=1
publish() { publish_plainly; }
prepare() { own && on_host_ip rule add from "$address" unreachable; }
