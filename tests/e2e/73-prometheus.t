#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A real Prometheus scrapes the daemon, and its own language says what the metrics are for.
. "$(dirname "$0")/world.sh"
world_begin nsd curl prometheus
world_hoster
serve_dns

cat >"$work/conf" <<-END
	interfaces = {"eth0"}
	dns = {"$dns"}
	store = ""
	listen = {"127.0.0.1:9469"}
	name "imap.example.org" {}
END
cat >"$work/prometheus.yml" <<-END
	global: {scrape_interval: 1s, scrape_timeout: 1s}
	scrape_configs: [{job_name: synhole, static_configs: [{targets: ['127.0.0.1:9469']}]}]
END
nsenter --net="/run/netns/$world-mail" "$synhole" watch -c "$work/conf" >"$work/watch.out" \
	2>"$work/watch.err" </dev/null &
nsenter --net="/run/netns/$world-mail" prometheus --config.file="$work/prometheus.yml" \
	--storage.tsdb.path="$work/tsdb" --web.listen-address=127.0.0.1:9090 \
	>"$work/prometheus.log" 2>&1 &

holds() { # QUERY FILTER: of the samples' labels and values
	inside mail curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode "query=$1" \
		>"$work/answer"
	jq -e ".status == \"success\" and ([.data.result[] | .metric + {value: .value[1]}] | $2)" \
		"$work/answer" || { cat "$work/answer" && return 1; }
}
ok "it is scraped" eventually holds 'up{job="synhole"}' '.[0].value == "1"'
ok "published addresses that no host owns: one" eventually holds \
	'max by (address) (synhole_address_owned) == 0' "map(.address) == [\"$mail6\"]"
dial "$mail6" 2 >/dev/null || :
ok "calls in vain" eventually holds 'synhole_published_syns_total > 0' \
	"length == 1 and .[0].address == \"$mail6\" and .[0].port == \"993\""
ok "an incident is open" eventually holds 'synhole_incidents_open > 0' \
	'map(.verdict) == ["blackhole"]'
ok "each is said what it is" eventually holds 'synhole_address_verdict' \
	"any(.[]; .address == \"$mail6\" and .verdict == \"blackhole\")"

done_testing
