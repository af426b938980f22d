# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A SYN to a broadcast address is nobody's.
place=end families=4 verdict=scan
prepare() { on_host ip route add broadcast "$address" dev eth0 table local; }
act() { frame_to "$(mac mail eth0)"; }
