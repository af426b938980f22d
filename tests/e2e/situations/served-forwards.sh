# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A host that forwards serves its own addresses, too.
place=forwards families="4 6" verdict=served causes=''
publish() { publish_plainly; }
prepare() { own; }
