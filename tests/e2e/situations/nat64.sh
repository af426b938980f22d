# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A resolver's NAT64 made the AAAA out of an A: nobody published it.
place=nat64 families=6 verdict=none
place_nat64() { host=end net4=192.0.2. first=10 net6=64:ff9b::c633:64 ; }
publish() { publish_plainly; }
act() { :; }
