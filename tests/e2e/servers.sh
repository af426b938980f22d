# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The real servers and clients of a world: NSD, Dovecot, PHP, and synhole itself.

listening() { # ROLE t|u PORT
	inside "$1" ss -Hln"$2" "sport = :$3" | grep -q .
}

# $zones: where the zone files lie, if the test changes them.
serve_dns() {
	cat >"$work/nsd.conf" <<-END
		server:
			ip-address: $dns
			username: ""
			zonesdir: "${zones:-$here}"
			database: ""
			pidfile: "$work/nsd.pid"
			logfile: "$work/nsd.log"
			xfrdfile: "$work/xfrd.state"
			zonelistfile: "$work/zone.list"
			xfrdir: "$work"
			server-count: 1
			rrl-ratelimit: 0
		remote-control:
			control-enable: no
		zone:
			name: example.org
			zonefile: example.org.zone
		zone:
			name: 1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa
			zonefile: reverse.zone
		zone:
			name: 100.51.198.in-addr.arpa
			zonefile: reverse4.zone
	END
	inside router nsd -d -c "$work/nsd.conf" >"$work/nsd.out" 2>&1 &
	eventually listening router u 53
}

serve_imap() {
	mkdir -p "$work/dovecot"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=imap.example.org \
		-keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
	cat >"$work/dovecot.conf" <<-END
		base_dir = $work/dovecot/run
		state_dir = $work/dovecot/state
		log_path = $work/dovecot/log
		protocols = imap
		listen = *, ::
		ssl = required
		ssl_cert = <$work/cert.pem
		ssl_key = <$work/key.pem
		mail_location = maildir:$work/dovecot/mail
		passdb {
			driver = static
			args = nopassword=y
		}
		service imap-login {
			inet_listener imap {
				port = 0
			}
			inet_listener imaps {
				port = 993
			}
		}
	END
	inside mail dovecot -F -c "$work/dovecot.conf" >"$work/dovecot.out" 2>&1 &
	eventually listening mail t 993
}

# On every address, as its default is.
serve_ldap() {
	mkdir -p "$work/ldap"
	cat >"$work/slapd.conf" <<-END
		include /etc/ldap/schema/core.schema
		modulepath /usr/lib/ldap
		moduleload back_mdb
		pidfile $work/slapd.pid
		database mdb
		suffix dc=example,dc=org
		directory $work/ldap
	END
	inside mail slapd -d 0 -f "$work/slapd.conf" -h 'ldap:/// ldaps:///' >"$work/slapd.out" 2>&1 &
	eventually listening mail t 389
}

# A queue and a configuration of its own, in \$work/postfix; further arguments are lines of main.cf.
serve_smtp() { # [LINE...]
	mkdir -p "$work/postfix" "$work/spool" "$work/postfix-data" "$work/mail"
	chown postfix: "$work/postfix-data"
	cp /usr/share/postfix/master.cf.dist "$work/postfix/master.cf"
	sed -i -E 's/^([a-z].* )y( +[0-9-]+ +[0-9-]+ )/\1n\2/' "$work/postfix/master.cf"
	cat >"$work/postfix/main.cf" <<-END
		compatibility_level = 3.6
		queue_directory = $work/spool
		data_directory = $work/postfix-data
		maillog_file = $work/postfix/log
		maillog_file_prefixes = $work
		myhostname = mail.example.org
		mydomain = example.org
		myorigin = example.org
		mydestination =
		inet_interfaces = all
		alias_maps =
		$(printf '%s\n' "$@")
	END
	with_dns mail postfix -c "$work/postfix" start-fg >"$work/postfix.out" 2>&1 &
	eventually listening mail t 25
}

# Somewhere else, which takes mail by either family; "4" or "6" in $work/mail/ANY* says by which.
take_mail() {
	chown nobody "$work/mail"
	inside client smtp-sink -u nobody -D "$work/mail/4." 192.0.2.5:25 10 >"$work/sink4.out" 2>&1 &
	inside client smtp-sink -u nobody -D "$work/mail/6." "inet:[$client6]:25" 10 >"$work/sink6.out" 2>&1 &
	eventually listening client t 25
}

# Mail to the domain there.example.org, and by which family it arrived.
send_mail() {
	rm -f "$work"/mail/*
	echo "Subject: a test" |
		MAIL_CONFIG=$work/postfix inside mail sendmail -f postmaster@example.org any@there.example.org
	eventually mail_came || :
	basename -a "$work"/mail/* | cut -d . -f 1 | sort -u
}

# One rule of nftables in one hook, and none other.
firewall() { # HOOK RULE
	inside mail nft -f - <<-END
		flush ruleset
		table inet t {
			chain c {
				type filter hook $1 priority 0
				$2
			}
		}
	END
}

mail_came() { compgen -G "$work/mail/*" >/dev/null; }

# On a host whose resolver is the world's.
with_dns() { # ROLE COMMAND...
	echo "nameserver $dns" >"$work/resolv.conf"
	echo "hosts: dns" >"$work/nsswitch.conf"
	inside "$1" unshare -m sh -c 'mount --bind "$1/resolv.conf" /etc/resolv.conf
		mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf
		shift; exec "$@"' sh "$work" "${@:2}"
}

# By name, through the C library, IPv6 first.
dial() { # ADDRESS-or-NAME [SECONDS]
	with_dns client php -n "$here/client.php" "$1" 993 "${2:-3}"
}

# While the client dials again and again: how long a capture takes to begin is not known.
dialled() { # COMMAND...
	rm -f "$work/enough"
	until [[ -e $work/enough ]]; do dial "$mail6" 2 >/dev/null || : && sleep 0.2; done &
	"$@"
	touch "$work/enough"
	wait %% || :
}

hangs() { # as dial: neither answered nor refused
	local said
	! said=$(dial "$@") && echo "$said" && [[ $said == *'timed out'* ]]
}

# --- synhole -------------------------------------------------------------------------------------

# What a command that changes nothing must leave as it was.
all_there_is() {
	inside mail sh -c 'ip -d addr; ip route show table all; ip -6 route show table all; ip rule
		ip -6 rule; nft list ruleset; grep -r . /proc/sys/net/ipv?/conf 2>/dev/null || :' |
		sed -E 's/(valid|preferred)_lft [0-9a-z]+//g; s/expires [0-9]+sec//; s/^([0-9]+): /if /'
}

# Runs it where the mail host is; what it prints is in $work/out and $work/err.
run() { # ARGUMENT...
	status=0
	inside mail "$synhole" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
}

# The same as another user, who may not be able to look into the build directory.
run_as() { # CAPABILITIES ARGUMENT...
	cp "$synhole" "$work/synhole"
	status=0
	inside mail setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps="$1" \
		--ambient-caps="$1" "$work/synhole" "${@:2}" \
		>"$work/out" 2>"$work/err" </dev/null || status=$?
}

run_as_nobody() { # ARGUMENT...
	run_as -all "$@"
}

# A capture in the background; returns once it watches. Its pid is in $capture.
capture_begin() { # ROLE INTERFACES ARGUMENT...: INTERFACES is how many it will be attached to
	local ns=$world-$1 count=$2
	shift 2
	nsenter --net="/run/netns/$ns" "$synhole" capture "$@" \
		>"$work/out" 2>"$work/err" </dev/null &
	capture=$!
	eventually watching "$ns" "$count" || :
}

# It is attached to all, and sleeps until something arrives; or it ended already.
watching() { # NAMESPACE INTERFACES
	! kill -0 "$capture" ||
		{ (($(hooks_held "$1") >= $2)) && grep -q '^State:.*sleeping' "/proc/$capture/status"; }
}

hooks_held() { # NAMESPACE: by links, or by tc filters before kernel 6.6
	local held
	held=$(grep -lE '^(link_type:\s*xdp|attach_type:\s*46)' "/proc/$capture"/fdinfo/* 2>/dev/null |
		wc -l || :)
	for dev in $(ip -n "$1" -j link show | jq -r '.[].ifname'); do
		held+=" + $(tc -n "$1" filter show dev "$dev" ingress 2>/dev/null |
			grep -c 'bpf.*direct-action' || :)"
	done
	echo $((held))
}

links() { # the ids of the bpf_links that the capture holds
	sed -n 's/^link_id:\s*//p' "/proc/$capture"/fdinfo/* 2>/dev/null || :
}

resident() { # of the capture now and at most, in KiB
	awk '/^Vm(RSS|HWM)/ { vm[$1] = $2 } END { print vm["VmRSS:"], vm["VmHWM:"] }' \
		"/proc/$capture/status" 2>/dev/null || :
}

# Frames that were sent are received by now, but the last may still be on its way.
capture_end() { # [SIGNAL]
	sleep 0.3
	kill "-${1:-INT}" "$capture" 2>/dev/null || :
	capture_wait
}

capture_wait() {
	status=0
	wait "$capture" || status=$?
}

# --- what it said --------------------------------------------------------------------------------

# What the one JSON document printed last must satisfy; $d is the destination at $address.
json() { # DESCRIPTION FILTER
	local d='.[0] | ([.destinations[]? | select(.address == $address)] | first) as $d'
	if jq -es --arg address "${address:-}" "length == 1 and ($d | $2)" "$work/out" \
		>"$work/said" 2>&1; then
		result ok "$1"
		return
	fi
	failed=1
	result 'not ok' "$1"
	printf '%s\nis not so here:\n' "$2" | explain
	jq -c 'del(.destinations), .destinations[]?' "$work/out" 2>&1 | explain
	explain <"$work/err"
}

# The promise that nothing is lost silently; it holds for documents with --all --limit 0.
sums() {
	json "every SYN is accounted for" '(.counts.syns == .counts.attributed + .counts.unattributed)
		and .counts.attributed == ([.destinations[].syns] | add // 0)
		and .counts.syns == ([.interfaces[].syns] | add // 0)
		and .counts.frames == ([.interfaces[].frames] | add // 0)
		and .counts.events_lost == 0'
}

printed() { # PATTERN
	grep -qE -- "$1" "$work/out" || { cat "$work/out" "$work/err" && return 1; }
}

# The steps of the IPv6 address that verify finds not to be in order.
names() { # STEPS DESCRIPTION
	local said
	said=$(jq -r --arg address "$mail6" '[.addresses[] | select(.address == $address) | .steps[]
		| select(.state | IN("warning", "unknown", "critical")) | .step] | unique | join(" ")' \
		"$work/out")
	is "$said" "$1" "$2"
	[[ $said == "$1" ]] || jq -c '.addresses[].steps[]' "$work/out" | explain
}
