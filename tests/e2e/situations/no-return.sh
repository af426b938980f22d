# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Half a mend: the address is here, and answers cannot leave.
place=bare families="4 6" verdict=mute
publish() { publish_plainly; }
prepare() { own; }
