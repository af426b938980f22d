# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The firewall has locked one client out, and the others are served.
place=end families="4 6" verdict=served
publish() { publish_plainly; }
prepare() {
	own
	if [[ $family == 4 ]]; then
		nft_rule filter input filter ip saddr 192.0.2.9 drop
	else
		nft_rule filter input filter ip6 saddr 2001:db8:7::9 drop
	fi
}
act() {
	local locked_out
	sent_by windows &
	locked_out=$!
	while kill -0 $locked_out 2>/dev/null; do
		dials 0.5
		sleep 0.3
	done
	dials 0.5
}
