#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The log and the program of "exec" are told of an incident's whole life; the log is standard error,
# or a real journal where systemd says so.
. "$(dirname "$0")/world.sh"
world_begin nsd curl
world_hoster
serve_dns

cat >"$work/hook" <<-'END'
	#!/bin/sh
	cat >"$0.$SYNHOLE_CHANGE" && echo "told of $SYNHOLE_CHANGE" && exec sleep 1000
END
chmod +x "$work/hook"
write_conf() { # EXEC
	cat >"$work/conf" <<-END
		interfaces = {"eth0"}
		dns = {"$dns"}
		store = ""
		listen = {"127.0.0.1:9469"}
		exec = "$1"
		quiet = 600
		name "imap.example.org" {}
	END
}
is_well() {
	inside mail curl -sf http://127.0.0.1:9469/healthz
}
said() { # PATTERN
	grep -E -- "$1" "$work/watch.err" || { cat "$work/watch.err" && return 1; }
}
mend() {
	configure mail <<-END
		addr add $mail6/64 dev eth0 nodad
		route replace default via fe80::1 dev eth0
	END
}
serve_imap

write_conf "$work/hook"
nsenter --net="/run/netns/$world-mail" "$synhole" watch -c "$work/conf" >"$work/watch.out" \
	2>"$work/watch.err" </dev/null &
watch=$!
eventually is_well
dial "$mail6" 2 >/dev/null || :
ok "the log tells that it opened, and what mends it" eventually \
	said "^synhole: incident 1 opened, blackhole: imap.example.org publishes .* Mend: ip -6 addr add $mail6/64"
told() { # CHANGE FILTER
	jq -e --arg a "$mail6" ".schema == \"synhole/1\" and .kind == \"incident\" and .address == \$a
		and ($2)" "$work/hook.$1"
}
ok "the program has it as JSON" eventually told opened '.verdict == "blackhole" and .closed == null'
ok "the daemon does not wait for the program" is_well
sed -i 's/&& exec sleep 1000//' "$work/hook"
ok "what hangs, and what it leaves, ends with the daemon, which is told twice" eval '
	pgrep -f "^sleep 1000" >/dev/null && kill $watch && sleep 0.3 && kill $watch && wait $watch &&
	eventually fails pgrep -f "^sleep 1000"'

nsenter --net="/run/netns/$world-mail" "$synhole" watch -c "$work/conf" >"$work/watch.out" \
	2>"$work/watch.err" </dev/null &
watch=$!
eventually is_well
dial "$mail6" 2 >/dev/null || :
ok "what the program writes is in the log" eventually said '^synhole: exec: told of opened$'
calls_and_said() { # PATTERN: clients go on calling
	dial "$mail6" 3 >/dev/null && said "$1"
}
mend
ok "the log tells that it closed, and why" eventually calls_and_said \
	"^synhole: incident 1 closed: $mail6 answers, after [0-9]+ SYNs? and 1 client in vain"
ok "the program has that, too" eventually told closed '.closed != null and .end != "open"'
write_conf "$work/missing"
kill -HUP "$watch"
eventually said 'was read again'
configure mail <<<"addr del $mail6/64 dev eth0"
dial "$mail6" 2 >/dev/null || :
ok "a program that is not there is said" eventually said 'exec: .* failed: No such file or directory'
ok "... and counted" eventually eval "inside mail curl -sS http://127.0.0.1:9469/metrics |
	grep -E '^synhole_hooks_failed_total [1-9]'"
kill "$watch" && wait "$watch"

# --- told to end before all have heard ------------------------------------------------------------

# The Alertmanager was away, and would be tried again in some seconds; the program takes its time.
cat >"$work/hook" <<-'ENDS'
	#!/bin/sh
	cat >"$0.told"
	until [ -e "$0.go" ]; do sleep 0.1; done
	mv "$0.told" "$0.$SYNHOLE_CHANGE"
ENDS
rm -f "$work"/hook.* "$work/notes"
write_conf "$work/hook"
echo 'alertmanager = {"http://127.0.0.1:9097"}' >>"$work/conf"
nsenter --net="/run/netns/$world-mail" "$synhole" watch -c "$work/conf" >"$work/watch.out" \
	2>"$work/watch.err" </dev/null &
watch=$!
eventually is_well
dial "$mail6" 2 >/dev/null || :
failed() { inside mail curl -sS http://127.0.0.1:9469/metrics | grep -E '^synhole_alerts_failed_total [3-9]'; }
ok "the Alertmanager is not there" eventually failed
nsenter --net="/run/netns/$world-mail" python3 "$here/webhook.py" 9097 "$work/notes" &
eventually inside mail bash -c 'exec 3<>/dev/tcp/127.0.0.1/9097'
kill "$watch"
sleep 0.3
touch "$work/hook.go"
ok "the daemon ends well" wait "$watch"
ok "the program that was under way has ended before it" told opened '.id == 1'
ok "the Alertmanager has been told" jq -e '.[0].labels.alertname == "Synhole"' "$work/notes"

# A journal of its own, in a file system of its own.
if [[ -x /lib/systemd/systemd-journald ]] && command -v systemd-cat journalctl >/dev/null &&
	[[ -s /etc/machine-id ]]; then
	cat >"$work/in-journal" <<-'END'
		mount -t tmpfs tmpfs /run/systemd && mkdir -p /run/systemd/journal
		mount -t tmpfs tmpfs "$1/log" && mkdir -p /run/log && mount --bind "$1/log" /run/log
		mkdir -p /run/log/journal
		/lib/systemd/systemd-journald 2>/dev/null &
		journald=$!
		until [ -S /run/systemd/journal/stdout ]; do sleep 0.05; done
		# As systemd does for a service, and systemd-cat of this version does not.
		systemd-cat -t synhole sh -c 'JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2)
			export JOURNAL_STREAM && exec "$@"' sh "$2" watch -c "$1/conf" &
		watch=$!
		until grep -q stop "$1/control" 2>/dev/null; do
			journalctl -q -D /run/log/journal -o json SYNHOLE_INCIDENT=1 >"$1/entries.new"
			mv "$1/entries.new" "$1/entries"
			sleep 0.2
		done
		kill $watch $journald
	END
	mkdir -p "$work/log" /run/systemd /run/log
	write_conf ""
	inside mail unshare -m sh "$work/in-journal" "$work" "$synhole" >"$work/journal.out" 2>&1 &
	journal=$!
	eventually is_well
	dial "$mail6" 2 >/dev/null || :
	entry() { # FILTER
		jq -es "any(.[]; $1)" "$work/entries" || { cat "$work/entries" && return 1; }
	}
	ok "the journal has it with fields" eventually entry '.SYNHOLE_ADDRESS == "2001:db8:1::2"
		and .SYNHOLE_VERDICT == "blackhole" and .SYNHOLE_NAME == "imap.example.org"
		and .PRIORITY == "2" and .SYSLOG_IDENTIFIER == "synhole"
		and .MESSAGE_ID == "52340d34f38546eca2efcc6b4e0fb183" and ._TRANSPORT == "journal"'
	calls_and_entry() { # FILTER
		dial "$mail6" 3 >/dev/null && entry "$1"
	}
	mend
	ok "... and its end" eventually calls_and_entry '.MESSAGE_ID == "1323b0afc7924753b34fae61a594e4c9"
		and .PRIORITY == "5" and (.MESSAGE | startswith("incident 1 closed: 2001:db8:1::2 "))'
	echo stop >"$work/control"
	wait "$journal" || :
else
	skip "the journal has it with fields" "systemd-journald is not here"
fi

done_testing
