# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Running the situations that situations.sh has the words for: all of one host at once, each judged.

# Reads a situation's file for one family; what it sets and defines is there afterwards.
situation() { # NUMBER FILE FAMILY
	name=$(basename "$2" .sh)-$3 family=$3 dev=eth0 port=993 todo='' ruled=''
	unset causes
	possible() { :; }
	publish() { :; }
	prepare() { :; }
	act() { dials; }
	late() { :; }
	# shellcheck source=/dev/null
	. "$2"
	"place_$place"
	if [[ $3 == 4 ]]; then
		type=A length=32 address=$net4$((first + $1))
	else
		type=AAAA length=128 address=$net6$((first + $1))
	fi
}

# Numbers are given for each place, so that each address is one situation's.
enlist() { # FILE...: prints NUMBER FILE FAMILY
	local file one key
	declare -A next
	# shellcheck source=/dev/null
	for file; do
		for one in $(family=0 && . "$file" && echo "$families"); do
			key=$(family=$one && . "$file" && echo "$place$family")
			next[$key]=$((${next[$key]:--1} + 1))
			echo "${next[$key]} $file $one"
		done
	done
}

each() { # FUNCTION of the situations: one after the other
	local line
	while read -r -u 3 line; do
		# shellcheck disable=SC2086
		situation $line
		"$1"
	done 3<"$work/situations"
}

all_at_once() { # FUNCTION of the situations
	local line pid pids=()
	while read -r -u 3 line; do
		# shellcheck disable=SC2086
		(situation $line && "$1") >>"$work/acted" 2>&1 &
		pids+=($!)
	done 3<"$work/situations"
	for pid in "${pids[@]}"; do
		wait "$pid" || { cat "$work/acted" >&2 && return 1; }
	done
}

# What this kernel cannot build is skipped, and that is said.
sift() {
	: >"$work/possible"
	each sift_one
	mv "$work/possible" "$work/situations"
}

sift_one() {
	if possible >/dev/null 2>&1; then
		echo "$line" >>"$work/possible"
	else
		skip "$host: $name: $verdict" "this kernel cannot build it"
	fi
}

# The first of each host also writes all packets.
watch_all() { # fills captures: HOST MODE PID
	local h mode options writing
	captures=()
	for h in "${hosts[@]}"; do
		mapfile -t options < <(tr ' ' '\n' <"$work/options.$h")
		for mode in ${watched_by[$h]}; do
			mkdir -p "$work/$h.$mode"
			writing=()
			[[ $mode != "${watched_by[$h]%% *}" ]] ||
				writing=(-w "$work/$h.$mode/packets.pcapng" --write-all)
			work=$work/$h.$mode capture_begin "$(role_of "$h")" 1 -i eth0 --attach "$mode" --dns "$dns" \
				"${options[@]}" "${writing[@]}" -d 60 --json --all --limit 0
			captures+=("$h $mode $capture")
		done
	done
}

end_all() {
	local h mode pid
	sleep 0.3 # the last frames may still be on their way
	for entry in "${captures[@]}"; do
		read -r h mode pid <<<"$entry"
		kill -INT "$pid" 2>/dev/null || :
	done
	for entry in "${captures[@]}"; do
		read -r h mode pid <<<"$entry"
		wait "$pid" || :
	done
}

# --- what was said -------------------------------------------------------------------------------

# Of what was expected against what was said, one line each in $work/confusion.
judge() { # MODE: of this situation
	local out=$work/$host.$1/out said what="$host by $1: $name: $verdict" wanted=null
	local of_it='.destinations[] | select(.address == $a)'
	said=$(jq -r --arg a "$address" "[$of_it | .verdict][0] // \"none\"" "$out" 2>/dev/null) ||
		said=nothing
	if [[ -v causes ]]; then
		what+=" (${causes:-no cause})"
		wanted=$(jq -nc --arg c "$causes" '$c / " " - [""]')
	fi
	echo "$verdict $said" >>"$work/confusion"
	if [[ $said == "$verdict" ]] && { [[ $wanted == null ]] || jq -e --arg a "$address" \
		--argjson wanted "$wanted" "$of_it | .causes == \$wanted" "$out" >/dev/null; }; then
		result ok "$what${todo:+ # TODO $todo}"
		return
	fi
	result 'not ok' "$what${todo:+ # TODO $todo}"
	[[ -n $todo ]] || failed=1
	echo "# said $said of $address:"
	jq -c --arg a "$address" "$of_it" "$out" 2>&1 | explain
}

judge_all() {
	local line mode
	while read -r -u 3 line; do
		# shellcheck disable=SC2086
		situation $line
		for mode in ${watched_by[$host]}; do
			judge "$mode"
		done
	done 3<"$work/situations"
}

# --- what is said of the packets that were written -----------------------------------------------

# With the same options, the host as it was when the capture ended, and the zone.
replay_all() {
	local h dir options
	for h in "${hosts[@]}"; do
		dir=$work/$h.${watched_by[$h]%% *}
		mapfile -t options < <(tr ' ' '\n' <"$work/options.$h")
		inside "$(role_of "$h")" "$synhole" host --json >"$dir/host.json"
		"$synhole" replay "$dir/packets.pcapng" --host "$dir/host.json" --json --all --limit 0 \
			--zone "$work/zone/example.org.zone" "${options[@]}" >"$dir/replayed" 2>"$dir/err" || :
		is "$(jq .counts.syns "$dir/replayed")" "$(jq .counts.syns "$dir/out")" \
			"every SYN was written and is replayed ($h)"
		# Without the ways that the kernel gave, as others record.
		LC_ALL=C sed 's/\[route to /[ROUTE TO /g' "$dir/packets.pcapng" >"$dir/unsaid.pcapng"
		"$synhole" replay "$dir/unsaid.pcapng" --host "$dir/host.json" --json --all --limit 0 \
			--zone "$work/zone/example.org.zone" "${options[@]}" >"$dir/inferred" 2>"$dir/err" || :
	done
}

said_in() { # FILE: of this situation
	jq -c --arg a "$address" '[.destinations[] | select(.address == $a) | {interface, verdict, causes}]' "$1"
}

compare() {
	local dir=$work/$host.${watched_by[$host]%% *} live
	live=$(said_in "$dir/out")
	is "$(said_in "$dir/replayed")" "$live" "$host: $name: replayed as it was live: $live"
	[[ -n $ruled ]] ||
		is "$(said_in "$dir/inferred")" "$live" "$host: $name: so it is by the host's routes alone"
}

confusion() {
	sort "$work/confusion" | uniq -c | awk '
		{ n[$2, $3] = $1; row[$2]; col[$3] }
		END {
			order = "blackhole unusable mute stray latent scan filtered refused served forwarded" \
				" foreign pending none nothing"
			count = split(order, word, " ")
			printf "# %-10s", "expected"
			for (j = 1; j <= count; j++) if (word[j] in col) printf " %9s", word[j]
			print "  <- said"
			for (i = 1; i <= count; i++) if (word[i] in row) {
				printf "# %-10s", word[i]
				for (j = 1; j <= count; j++) if (word[j] in col)
					printf " %9s", n[word[i], word[j]] ? n[word[i], word[j]] : "."
				print ""
			}
		}'
}
