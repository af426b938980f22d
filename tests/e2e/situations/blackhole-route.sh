# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A route says that it is to be lost.
place=end families="4 6" verdict=blackhole causes="address-missing blackhole-route"
publish() { publish_plainly; }
prepare() { on_host_ip route add blackhole "$address/$length"; }
