# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Routed on to where nobody is: this host says so to the client.
place=forwards families="4 6" verdict=forwarded
publish() { publish_plainly; }
prepare() { on_host_ip route add "$address" dev c0; }
