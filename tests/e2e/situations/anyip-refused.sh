# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The same without a listener.
place=end families="4 6" verdict=refused port=994
publish() { publish_plainly; }
prepare() { on_host_ip route add local "$address" dev lo; }
