# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# An end host says nothing of an unreachable IPv4 route.
place=end families=4 verdict=blackhole causes="address-missing blackhole-route"
publish() { publish_plainly; }
prepare() { on_host_ip route add unreachable "$address/$length"; }
