# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The listener does not accept, and its queue of length 0 (it takes one) is full.
place=end families="4 6" verdict=mute causes=backlog-full port=198$family
publish() { publish_plainly; }
prepare() {
	own
	on_host "$here/listen.py" --address "$address" --stuck 0 "$port" >/dev/null 2>&1 &
	eventually listening mail t "$port"
	dials 0.3 # what was queued stays when the client has gone
}
