# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Duplicate address detection does not come to an end.
place=end families=6 verdict=unusable causes=address-tentative
publish() { publish_plainly; }
prepare() { own_asking 600; }
