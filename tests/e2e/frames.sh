# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# A burst of frames whose every count is known, for the hosters' world.

readonly tc='^(tcx|clsact)$'

capture_burst() { # MODE [ARGUMENT...]: and the same frames every time
	capture_begin mail 1 --attach "$1" -i eth0 "${@:2}" --no-dns -d 60 --json --all --limit 0
	burst
	capture_end
}

send() { # ARGUMENT...
	inside router "$here/syn.py" --dev host --to "$hostmac" "$@"
}

# 110 SYNs in all; a SYN-ACK is none.
burst() {
	send --count 40 2001:db8:1::bad
	send --count 30 --port 25 "$mail4"
	send --count 20 --vlan 5 2001:db8:1::5
	send --count 10 --vlan 5 --vlan 6 2001:db8:1::6
	send --count 10 --vlan 7 198.51.100.7
	send --count 9 --synack 2001:db8:1::bad
}

readonly all_counted='.counts.syns == 110 and .counts.attributed == 110
	and (.destinations | map({(.address): .syns}) | add) == {
		"2001:db8:1::bad": 40, "198.51.100.2": 30, "2001:db8:1::5": 20,
		"2001:db8:1::6": 10, "198.51.100.7": 10}
	and .counts.frames >= 119 and .interfaces[0].unparsed == 0'

hooked() { # REGEX
	json "the hook is ${1//[\\^()$]/}" ".interfaces[0].hook | test(\"$1\")"
}
