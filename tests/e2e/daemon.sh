# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The daemon on the mail host, and what it says of itself.

socket() { echo "$work/synhole.sock"; }

# The configuration: these lines, and those that every test needs.
configure_daemon() { # LINE...
	cat >"$work/synhole.conf" <<-END
		interfaces = {"eth0"}
		dns = {"$dns"}
		listen = {"unix:$(socket)"}
		store = "$work/synhole.db"
		$(printf '%s\n' "$@")
	END
}

# Returns once it serves; its pid is in $daemon, what it says in $work/daemon.err.
daemon_begin() {
	nsenter --net="/run/netns/$world-mail" "$synhole" watch -c "$work/synhole.conf" >>"$work/daemon.out" 2>>"$work/daemon.err" \
		</dev/null &
	daemon=$!
	eventually get /healthz
}

daemon_end() { # [SIGNAL]
	kill "-${1:-TERM}" "$daemon"
	status=0
	wait "$daemon" 2>/dev/null || status=$?
}

get() { # PATH
	curl -sS --fail --max-time 5 --unix-socket "$(socket)" "http://synhole$1"
}

# Whether the daemon's incidents satisfy a filter; $i is the one of $address.
incident_is() { # FILTER
	get /v1/incidents | jq -e --arg address "$address" \
		'.incidents as $all | ([.incidents[] | select(.address == $address)] | first) as $i | '"$1"
}

metric() { # NAME{LABELS}
	get /metrics | awk -v name="$1" '$1 == name { print $2 }'
}

metric_is() { # NAME{LABELS} VALUE
	[[ $(metric "$1") == "$2" ]]
}

said() { # WORDS, by the daemon
	grep -qF "$1" "$work/daemon.err"
}
