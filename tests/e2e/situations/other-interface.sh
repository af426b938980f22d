# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The address is on another interface than the one it is called by.
place=forwards families="4 6" verdict=served
publish() { publish_plainly; }
prepare() { on_host_ip addr add "$address/$length" dev c0; }
