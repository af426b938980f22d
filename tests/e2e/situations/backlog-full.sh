# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The listener does not accept, and its short queue is full.
place=end families="4 6" verdict=mute causes=backlog-full port=199$family
publish() { publish_plainly; }
prepare() {
	own
	on_host "$here/listen.py" --address "$address" --stuck 2 "$port" >/dev/null 2>&1 &
	eventually listening mail t "$port"
	for _ in {1..3}; do
		dials 0.3 # what was queued stays when the client has gone
	done
}
