#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Installs the Debian packages that the build or the tests need; does nothing when all are there.
#
# Usage: packages.sh build|test|bench
# Servers that come with the tests are neither started nor, where there is a systemd, left enabled: the
# tests run their own.

set -euo pipefail

# The compilers and libraries of the program itself.
build=(make gcc clang bpftool libc6-dev libbpf-dev libelf-dev zlib1g-dev libmnl-dev
	libc-ares-dev
	libcap-dev
	libconfuse-dev
	libcurl4-openssl-dev
	libjansson-dev
	libmicrohttpd-dev
	libnftables-dev
	libsqlite3-dev
	libsystemd-dev
	uthash-dev)
# Without these no test runs at all ...
unit=(libcmocka-dev clang-format perl)
# ... and without these only those that need no network of their own.
worlds=(iproute2 util-linux procps netbase jq python3 nsd unbound dovecot-imapd openssl php-cli
	curl prometheus prometheus-alertmanager
	wireguard-tools nftables tcpdump ethtool tshark python3-scapy slapd postfix
	ifupdown netplan.io network-manager nix-bin
	sqlite3 strace chromium-headless-shell
	golang-github-google-gopacket-dev) # for the recordings in it

# What the benchmarks compare with, and leave out where it is missing.
bench=(iperf3 bpftrace)

readonly policy=/usr/sbin/policy-rc.d mark='# by tests/packages.sh, for the length of an installation'

missing() { # PACKAGE...
	local known
	known=$'\n'$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || :)$'\n'
	for package; do
		[[ $known == *$'\n'"$package installed"$'\n'* ]] || echo "$package"
	done
}

say() {
	echo "packages.sh: $*" >&2
}

# What Debian's maintainer scripts ask before they start a service. An administrator's own answer
# stands; one of ours was left by a run that was killed.
forbid_services() {
	if [[ ! -e $policy ]] || grep -qsxF "$mark" "$policy"; then
		printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
		chmod 755 "$policy"
	fi
}

enabled_units() {
	command -v systemctl >/dev/null || return 0
	systemctl list-unit-files --state=enabled --plain --no-legend --no-pager 2>/dev/null |
		awk '{ print $1 }' | sort
}

disable_new_units() { # UNITS enabled before
	local unit
	comm -13 <(echo "$1") <(enabled_units) | while read -r unit; do
		systemctl --quiet disable "$unit" >/dev/null 2>&1 ||
			say "$unit came with a package and could not be disabled"
	done
}

leave_as_found() { # LOG UNITS
	disable_new_units "$2"
	! grep -qsxF "$mark" "$policy" || rm -f "$policy"
	rm -f "$1"
}

# Quietly, unless it fails. In the foreground, because bash then handles a signal only when it has
# ended: a dpkg that went on without us would start its services.
apt() { # LOG ARGUMENT...
	DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "${@:2}" \
		>"$1" 2>&1 </dev/null || { tail -n 20 "$1" >&2 && return 1; }
}

install() { # PACKAGE...
	local log units
	say "installing $*"
	log=$(mktemp)
	units=$(enabled_units)
	# shellcheck disable=SC2064 # as they are now
	trap "$(printf 'leave_as_found %q %q' "$log" "$units")" EXIT
	trap 'exit 130' INT TERM HUP
	forbid_services
	apt "$log" update || say "apt-get update failed: trying with the package lists that are here"
	apt "$log" install -y --no-install-recommends "$@" ||
		{ say "these could not be installed: $*" && exit 1; }
}

main() { # build|test|bench
	local needed wanted absent
	case "${1:-}" in
	build) needed=("${build[@]}") wanted=() ;;
	test) needed=("${build[@]}" "${unit[@]}") wanted=("${worlds[@]}") ;;
	bench) needed=("${build[@]}" "${unit[@]}") wanted=("${worlds[@]}" "${bench[@]}") ;;
	*) say "usage: packages.sh build|test|bench" && exit 2 ;;
	esac
	if ! command -v dpkg-query >/dev/null; then
		say "this is no Debian: please see to it yourself that what Debian calls" \
			"${needed[*]} ${wanted[*]} is there"
		exit 0
	fi
	mapfile -t absent < <(missing "${needed[@]}" "${wanted[@]}")
	[[ ${#absent[@]} -gt 0 ]] || exit 0
	if [[ $EUID -eq 0 ]]; then
		install "${absent[@]}"
		exit 0
	fi
	say "missing, and only root can install: ${absent[*]}"
	[[ -z $(missing "${needed[@]}") ]] # the rest is needed by tests that skip without
}

main "$@"
