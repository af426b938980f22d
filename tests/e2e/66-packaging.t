#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is installed beside the program: by its own readers, and in use.

. "$(dirname "$0")/world.sh"
. "$here/daemon.sh"
world_begin nsd curl promtool systemd-analyze setpriv
root=$(cd "$here/../.." && pwd)
packaging=$root/packaging

# --- installed and removed -----------------------------------------------------------------------

make_in() { # TARGET: what has been built is installed, not built
	make -C "$root" -o all -o "$synhole" BUILD="$(dirname "$synhole")" DESTDIR="$work/root" PREFIX=/usr "$1"
}
ok "make install" make_in install
ok "the program is there" test -x "$work/root/usr/sbin/synhole"
ok "the unit starts it from there" grep -q '^ExecStart=/usr/sbin/synhole watch$' \
	"$work/root/lib/systemd/system/synhole.service"
echo '# mine' >>"$work/root/etc/synhole/synhole.conf"
ok "make install again" make_in install
ok "an administrator's configuration stays" grep -q mine "$work/root/etc/synhole/synhole.conf"
cp "$packaging/synhole.conf" "$work/root/etc/synhole/synhole.conf"
ok "make uninstall" make_in uninstall
is "$(find "$work/root" -type f)" "" "nothing is left"

# --- by their own readers ------------------------------------------------------------------------

sed 's,@SBINDIR@,/usr/sbin,' "$packaging/synhole.service" >"$work/synhole.service"
ok "the unit is as closed as it can be" systemd-analyze security --offline=true --threshold=20 \
	--no-pager "$work/synhole.service"
ok "the alert rules are rules" promtool check rules "$packaging/synhole.rules.yml"
ok "and fire when they should" promtool test rules "$packaging/synhole.rules.test.yml"
ok "the dashboard is JSON" jq -e '.panels | length > 10' "$packaging/synhole.dashboard.json"
if command -v mandoc >/dev/null; then
	for page in "$root"/docs/*.[58]; do
		ok "${page##*/} has no errors" mandoc -Tlint -Wwarning "$page"
	done
else
	skip "manual pages" "mandoc is not installed"
fi

# --- the example configuration -------------------------------------------------------------------

world_hoster
serve_dns
sed -E 's/^#([a-z]+( |$))/\1/; s,"/(var/lib|run)/synhole/,"'"$work"'/,; s/127.0.0.1:9469/[::1]:9469/;
	s/192.0.2.53/'"$dns"'/; /^exec/d' "$packaging/synhole.conf" >"$work/example.conf"
is "$(grep -c "^[a-z]" "$work/example.conf")" 16 "every key is in the example"
inside mail sh -c 'timeout 3 "$1" watch -c "$2"' sh "$synhole" "$work/example.conf" >"$work/out" 2>&1 || :
ok "and the daemon takes them all" fails grep -q 'example.conf:' "$work/out"

# --- as its own user, with three capabilities ----------------------------------------------------

configure_daemon 'name "imap.example.org" {}'
sed -i "s,$work/synhole,$work/own/synhole,g" "$work/synhole.conf"
socket() { echo "$work/own/synhole.sock"; }
mkdir -m 750 "$work/own"
chown 65534:65534 "$work/own"
caps=+bpf,+net_admin,+perfmon
cp "$synhole" "$work/program"
bpffs=/sys/fs/bpf/$world
mkdir "$bpffs" && chown 65534:65534 "$bpffs"
# As the unit has it: /sys/fs/bpf is root's alone, and what is ours of it is seen elsewhere.
inside mail unshare -m sh -c 'mount -t tmpfs tmpfs /run && mkdir -p /run/synhole/bpf &&
	mount --bind "$1" /run/synhole/bpf && shift && exec "$@"' sh "$bpffs" setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=$caps --ambient-caps=$caps \
	--bounding-set=-all,$caps --no-new-privs "$work/program" watch -c "$work/synhole.conf" >"$work/out" 2>&1 &
ok "the daemon runs as a user with three capabilities" eventually get /healthz
is "$(cat "$work/out")" "" "and misses nothing"
get /metrics >"$work/metrics"
ok "promtool finds no fault with the metrics" promtool check metrics <"$work/metrics"
for name in $(grep -ohE '(synhole|process)_[a-z_]+' "$packaging/synhole.dashboard.json" "$packaging/synhole.rules.yml" | sort -u); do
	grep -qE "^# TYPE $name " "$work/metrics" || echo "$name"
done >"$work/unknown"
is "$(cat "$work/unknown")" "" "rules and dashboard use only metrics that there are"
ip netns pids "$world-mail" | xargs -r kill
ok "its programs and counts are kept" eventually test -e "$bpffs"/*/table
rm -r "$bpffs"
done_testing
