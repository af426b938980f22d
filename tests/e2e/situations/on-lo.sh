# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The address is on lo: a host serves it all the same.
place=end families="4 6" verdict=served
publish() { publish_plainly; }
prepare() { on_host_ip addr add "$address" dev lo; }
