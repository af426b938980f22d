# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The interface is a bridge's port, and another host on the bridge has the address.
place=bridged families="4 6" verdict=foreign
publish() { publish_plainly; }
prepare() { inside neighbour ip addr add "$address/$length" dev eth0; }
