# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The same on a host that forwards.
place=forwards families="4 6" verdict=blackhole causes="address-missing blackhole-route"
publish() { publish_plainly; }
prepare() { on_host_ip route add blackhole "$address/$length"; }
