#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a terminal shows while a capture runs: each finding once, as soon as it is one.
. "$(dirname "$0")/world.sh"
world_begin nsd python3 nft
world_hoster
serve_dns
configure mail <<<'route add default via fe80::1 dev eth0'

on_terminal() { # ARGUMENT...: a capture there; returns once it watches
	nsenter --net="/run/netns/$world-mail" "$here/terminal.py" "$synhole" capture -i eth0 --dns "$dns" -d 60 "$@" \
		>"$work/shown" 2>&1 &
	terminal=$!
	eventually child
	eventually watching "$world-mail" 1
}

child() {
	capture=$(<"/proc/$terminal/task/$terminal/children")
	capture=${capture% }
	[[ $capture ]] && grep -q synhole "/proc/$capture/cmdline"
}

leave() {
	kill -INT "$capture"
	status=0
	wait "$terminal" || status=$?
}

shown() { # PATTERN
	tr '\r' '\n' <"$work/shown" | grep -qaE "$1"
}

shown_times() { # PATTERN
	tr '\r' '\n' <"$work/shown" | grep -caE "$1" || :
}

sent_by() { # STACK
	inside client "$here/stacks.py" --dev eth0 --to "$(mac router lan)" "$1" "$mail6"
}

# In the lines shown, each of which may have taken the place of another.
comes_before() { # PATTERN PATTERN
	tr '\r' '\n' <"$work/shown" | grep -aE -m1 "$1|$2" | grep -qaE "$1"
}

# What need not be heard at once must not keep what must waiting.
strangers_called() {
	inside router "$here/syn.py" --dev host --to "$(mac mail eth0)" --count 9 2001:db8:1::bad
}

lost='blackhole.*: imap.example.org publishes 2001:db8:1::2, which no interface of this host has: 1 SYN to port 993'

NO_COLOR=1 on_terminal -n imap.example.org
ok "what is published and not here" eventually shown '^.\[Klatent: imap.example.org publishes 2001:db8:1::2'
strangers_called
sent_by bare
ok "is called, and dropped" eventually shown "$lost"
ok "and that is said at once, not with the next progress" comes_before "$lost" ' 10 SYNs'
sent_by bare
ok "the progress" eventually shown 'of 60 s: [1-9][0-9]* frames, 11 SYNs'
leave
is "$status" 2 "the report: exit 2"
is "$(shown_times 'blackhole: ')" 1 "a finding is said once"
is "$(shown_times 'latent: ')" 1 "and so is the one before"
ok "then comes the report" shown '^VERDICT'
ok "NO_COLOR: no colour" fails grep -qaE $'\e\\[[0-9;]*m' "$work/shown"

inside mail sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
on_terminal -n imap.example.org
eventually shown latent
sent_by bare
ok "is thrown back to the router" eventually shown "blackhole.*imap.example.org.*sends these back"
leave
ok "in colour" grep -qaF $'\e[1;31mblackhole' "$work/shown"
inside mail sh -c 'echo 0 >/proc/sys/net/ipv6/conf/all/forwarding'

# A drop alone proves nothing of an address that is answered for.
inside mail nft -f - <<-END
	table inet t {
		chain locked_out { type filter hook prerouting priority raw; ip6 saddr 2001:db8:7::9 drop; }
		chain taken { type nat hook prerouting priority dstnat; ip6 daddr $mail6 tcp dport 993 redirect; }
	}
END
inside mail "$here/listen.py" 993 >/dev/null 2>&1 &
eventually listening mail t 993
inside mail ip addr add 2001:db8:1::99/128 dev eth0
on_terminal -n imap.example.org --all
eventually shown latent
ok "a translated address answers" inside client bash -c '3<>"/dev/tcp/$1/993"' - "$mail6"
sent_by bare
eventually shown 'of 60 s: [1-9][0-9]* frames, 2 SYNs'
leave
is "$(shown_times 'blackhole')" 0 "and is no black hole, though a SYN to it is dropped"
ok "as the report says" shown 'served .*2001:db8:1::2 '

done_testing
