#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real Alertmanagers are told of an incident: one that is there all the time notifies of it once, and
# once of its end; one that was away hears of the end when it is back; one is not there at all.
. "$(dirname "$0")/world.sh"
world_begin nsd curl prometheus-alertmanager
world_hoster
serve_dns

alertmanager() { # PORT
	mkdir -p "$work/am$1"
	nsenter --net="/run/netns/$world-mail" prometheus-alertmanager --config.file="$work/am.yml" \
		--storage.path="$work/am$1" --web.listen-address="127.0.0.1:$1" --cluster.listen-address= \
		>"$work/am$1.log" 2>&1 &
	pids[$1]=$!
	eventually inside mail curl -sf "http://127.0.0.1:$1/-/ready"
}
alerts() { # PORT FILTER
	inside mail curl -sS "http://127.0.0.1:$1/api/v2/alerts" >"$work/alerts"
	jq -e "$2" "$work/alerts" || { jq -c . "$work/alerts" && return 1; }
}
declare -A pids
cat >"$work/am.yml" <<'END'
route: {receiver: hook, group_wait: 0s, group_interval: 1s}
receivers: [{name: hook, webhook_configs: [{url: 'http://127.0.0.1:9099/', send_resolved: true}]}]
END
touch "$work/notes"
nsenter --net="/run/netns/$world-mail" python3 "$here/webhook.py" 9099 "$work/notes" &
alertmanager 9095
sed -i s/9099/9098/ "$work/am.yml" # nobody hears the other one
alertmanager 9093
cat >"$work/conf" <<-END
	interfaces = {"eth0"}
	dns = {"$dns"}
	store = ""
	listen = {"127.0.0.1:9469"}
	alertmanager = {"http://127.0.0.1:9093", "http://127.0.0.1:9094/prefix/",
		"http://127.0.0.1:9095"}
	name "imap.example.org" {}
END
nsenter --net="/run/netns/$world-mail" "$synhole" watch -c "$work/conf" >"$work/watch.out" \
	2>"$work/watch.err" </dev/null &
eventually inside mail curl -sf http://127.0.0.1:9469/healthz
dial "$mail6" 3 >/dev/null || :

ok "the incident is an alert" eventually alerts 9093 "length == 1
	and .[0].status.state == \"active\" and (.[0].labels | .alertname == \"Synhole\"
		and .verdict == \"blackhole\" and .severity == \"critical\" and .address == \"$mail6\"
		and .name == \"imap.example.org\" and .host == \"$(uname -n)\")"
ok "... which says what it is and what mends it" alerts 9093 ".[0].annotations
	| (.summary | contains(\"imap.example.org\")) and (.fix | contains(\"ip -6 addr add $mail6\"))
	and (.causes | contains(\"address-missing\")) and .incident == \"1\""
ok "the one that is not there is named once" eventually \
	grep -q 'cannot tell the Alertmanager at http://127.0.0.1:9094/prefix/api/v2/alerts' "$work/watch.err"

kill -9 "${pids[9093]}"
configure mail <<-END
	addr add $mail6/64 dev eth0 nodad
	route add default via fe80::1 dev eth0
END
serve_imap
closed() { # clients go on calling
	dial "$mail6" 3 >/dev/null
	inside mail curl -sS http://127.0.0.1:9469/v1/incidents |
		jq -e '.incidents[0].closed != null'
}
ok "mended while the Alertmanager is away: the incident closes" eventually closed
ok "... which cannot be told" eventually grep -q 'at http://127.0.0.1:9093/api' "$work/watch.err"
alertmanager 9093
resolved() {
	alerts 9093 'length == 0' && inside mail curl -sS http://127.0.0.1:9469/metrics |
		grep -x 'synhole_incidents_open{verdict="blackhole"} 0' >/dev/null &&
		grep 'at http://127.0.0.1:9093/api.* can be told again' "$work/watch.err"
}
ok "it is told of the end when it is back" eventually resolved
notified() { # WORD... in this order, and no others
	local said
	said=$(jq -r '.alerts[].status' "$work/notes" | xargs)
	[[ $said == "$*" ]] || { echo "$said" && cat "$work/notes" && return 1; }
}
ok "the one that was there all the time has notified once of each" eventually notified firing resolved
is "$(grep -c 'at http://127.0.0.1:9094' "$work/watch.err")" 1 "the other was complained of once"
ok "failures are counted" eval "inside mail curl -sS http://127.0.0.1:9469/metrics |
	grep -E '^synhole_alerts_failed_total [1-9]'"

done_testing
