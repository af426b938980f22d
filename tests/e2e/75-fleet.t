#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two hosts under one Prometheus with the packaged rules: what nobody owns, what two own, and who has
# stopped to report.

. "$(dirname "$0")/world.sh"
world_begin nsd curl prometheus
world_hoster
serve_dns
readonly address=2001:db8:1::20 port=9469 # of moving.example.org
rules=$here/../../packaging/synhole.rules.yml

daemon() { # ROLE ADDRESS
	cat >"$work/$1.conf" <<-END
		interfaces = {"eth0"}
		dns = {"$dns"}
		store = ""
		listen = {"$2:$port"}
		name "moving.example.org" {}
	END
	nsenter --net="/run/netns/$world-$1" "$synhole" watch -c "$work/$1.conf" \
		>"$work/$1.out" 2>&1 </dev/null &
}

# Minutes become seconds: how long a rule waits is not what is tested.
sed 's/for: .*m$/for: 1s/' "$rules" >"$work/rules.yml"
cat >"$work/prometheus.yml" <<-END
	global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
	rule_files: ['$work/rules.yml']
	scrape_configs:
	  - job_name: synhole
	    static_configs: [{targets: ['$mail4:$port', '192.0.2.5:$port']}]
END
daemon mail "$mail4"
daemon client 192.0.2.5
last=$!
nsenter --net="/run/netns/$world-router" prometheus --config.file="$work/prometheus.yml" \
	--storage.tsdb.path="$work/tsdb" --web.listen-address=127.0.0.1:9090 >"$work/prometheus.log" 2>&1 &

alerts_are() { # NAME [LABEL=VALUE]: firing, sorted; nothing else of ours
	inside router curl -sS http://127.0.0.1:9090/api/v1/alerts |
		jq -e --arg wanted "$*" '[.data.alerts[] | select(.state == "firing") | .labels.alertname]
			| unique | join(" ") == $wanted'
}

both_report() {
	inside router curl -sS -G http://127.0.0.1:9090/api/v1/query --data-urlencode \
		'query=count(synhole_address_owned{name="moving.example.org"})' |
		jq -e '.data.result[0].value[1] == "2"'
}

ok "both hosts report" eventually both_report
ok "nobody owns what is published: an alert" eventually alerts_are SynholePublishedAndOwnedByNobody
inside mail ip -6 addr add $address/64 dev eth0
ok "one owns it: none" eventually alerts_are
inside client ip -6 addr add $address/128 dev eth0
ok "two own it: an alert" eventually alerts_are SynholeOwnedTwice
inside client ip -6 addr del $address/128 dev eth0
ok "one owns it again: none" eventually alerts_are
kill "$last"
ok "one does not report: an alert" eventually alerts_are SynholeSilent
done_testing
