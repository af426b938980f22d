#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A resolver still serves what the zone's own server has dropped: that is said, and nothing to mend.
. "$(dirname "$0")/world.sh"
. "$here/daemon.sh"
world_begin nsd unbound curl
world_hoster
mkdir "$work/zone"
configure router <<<'addr add 192.0.2.54/32 dev lo'
resolver=192.0.2.54
address=$mail6

serve_resolver() {
	cat >"$work/unbound.conf" <<-END
		server:
			interface: $resolver
			access-control: 0.0.0.0/0 allow
			username: ""
			chroot: ""
			directory: "$work"
			pidfile: ""
			use-syslog: no
			module-config: iterator
			do-not-query-localhost: no
		remote-control:
			control-enable: no
		stub-zone:
			name: example.org
			stub-addr: $dns
	END
	inside router unbound -d -c "$work/unbound.conf" >"$work/unbound.out" 2>&1 &
	eventually answering
}

answering() {
	run check -n old.example.org --dns "$resolver" --json
	jq -e '.names[0].status == "ok"' "$work/out"
}

stop_dns() {
	local pid
	for pid in $(ip netns pids "$world-router"); do
		[[ $(cat "/proc/$pid/comm" 2>/dev/null || :) != nsd* ]] || kill "$pid" 2>/dev/null || :
	done
	eventually gone
}

gone() {
	! inside router ss -Hlnu "sport = :53" | grep -q "$dns:"
}

printf '%s\n' '$ORIGIN example.org.' '$TTL 300' '@ SOA ns admin 1 3600 600 86400 300' '@ NS ns' \
	'ns A 192.0.2.53' "old AAAA $mail6" "deep.down AAAA $mail6" >"$work/zone/example.org.zone"
(here=$work/zone serve_dns)
serve_resolver
run check -n old.example.org --dns "$resolver" --json
json "while the server has it, it is missing" '$d.causes | index("address-missing") and (index("name-stale") | not)'
run check -n deep.down.example.org --dns "$resolver" --json
json "and so is one whose zone begins two labels up" '$d.verdict == "latent"'

stop_dns
sed -i '/AAAA/d' "$work/zone/example.org.zone"
(here=$work/zone serve_dns)
run check -n old.example.org --dns "$resolver" --json
json "the resolver still serves it" '.names[0].records[0].address == "2001:db8:1::2"'
json "the server does not: the name is stale" '$d.verdict == "latent" and
	($d.causes | index("name-stale")) and $d.fix == [] and ($d.sentence | test("no longer have this address"))'
run explain old.example.org --dns "$resolver" --no-watch --json
json "explain says what mends it: waiting" '$d.plan == [] and any($d.faults[];
	.cause == "name-stale" and (.remedy | test("waiting")))'
run verify old.example.org --dns "$resolver" --no-watch --json
names "default-route listening owned published" "verify says so, too"
configure_daemon 'name "old.example.org" {}' 'name "deep.down.example.org" {}' 'quiet = 600'
sed -i "s/^dns = .*/dns = {\"$resolver\"}/" "$work/synhole.conf"
ok "the daemon serves" daemon_begin
is_black_hole() {
	inside router "$here/syn.py" --dev host --to "$(mac mail eth0)" --count 1 "$mail6" >/dev/null
	incident_is "\$i.verdict == \"blackhole\" and $1"
}
ok "its incident says so when the servers have been asked" eventually is_black_hole \
	'($i.causes | index("name-stale")) and $i.fix == []'
daemon_end
run check -n deep.down.example.org --dns "$resolver" --json
json "two labels below its zone, too" '$d.causes | index("name-stale")'
run check -n old.example.org --dns "$dns" --json
json "without the resolver there is no such name" '.names[0].status == "nxdomain" and .destinations == []'

stop_dns
run check -n old.example.org --dns "$resolver" --json
json "a server that is silent has said nothing" '$d.verdict == "latent" and ($d.causes | index("name-stale") | not)'

done_testing
