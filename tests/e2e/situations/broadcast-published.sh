# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A broadcast address is the host's, but whoever dials it is not served.
place=end families=4 verdict=blackhole
publish() { publish_plainly; }
prepare() { on_host ip route add broadcast "$address" dev eth0 table local; }
