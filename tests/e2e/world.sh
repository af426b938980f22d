# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Worlds of network namespaces with real servers in them.
#
# Sourced by a script, whose name and pid every namespace carries. However the script ends, what it
# made ends with it. A step that fails unexpectedly ends the script before its plan is printed,
# which prove reports as a failure.

set -Eeuo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
synhole=${SYNHOLE:-$(readlink -m "$here/../../build/synhole")}
world=sh-$(basename "${0%.*}")-$$
work=
roles=()

# The incident's addresses: what is published, who dials it, and who answers for the names.
readonly mail4=198.51.100.2 mail6=2001:db8:1::2 dns=192.0.2.53 client6=2001:db8:7::5

world_end() {
	trap - EXIT ERR
	for role in "${roles[@]}"; do
		ip netns pids "$world-$role" 2>/dev/null | xargs -r kill -9 || :
		rm -rf "$(pins "$role")" # what a daemon has left for the next one
		ip netns del "$world-$role" 2>/dev/null || :
	done
	[[ -z $work ]] || rm -rf "$work"
}

pins() { # ROLE: where a daemon there keeps what outlives it
	echo "/sys/fs/bpf/synhole/$(stat -Lc %i "/run/netns/$world-$1" 2>/dev/null || echo none)"
}

trap world_end EXIT
trap 'exit 130' INT TERM HUP
trap 'echo "# $0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

# --- namespaces ----------------------------------------------------------------------------------

world_begin() { # COMMAND... that must exist
	[[ $EUID -eq 0 ]] || skip_all "network namespaces need root"
	for tool in ip nsenter jq "$@"; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
	[[ -d /proc/sys/net/ipv6 ]] || skip_all "this kernel has no IPv6"
	[[ -x $synhole ]] || { echo "Bail out! $synhole is missing: run make first" && exit 1; }
	work=$(mktemp -d "${TMPDIR:-/tmp}/$world.XXXXXX")
	chmod 755 "$work" # dovecot's login process is another user
	export MAIL_CONFIG=$work/postfix # the machine's own is none of our business
}

inside() { # ROLE COMMAND...: unlike `ip netns exec` it keeps /sys and with it the bpffs
	nsenter --net="/run/netns/$world-$1" "${@:2}"
}

# The kernel's defaults depend on the machine (Docker forwards, distributions filter); here nothing
# is left to them. Duplicate address detection is off: it would make every address wait.
namespace() { # ROLE
	ip netns add "$world-$1"
	roles+=("$1")
	inside "$1" sh -c '
		cd /proc/sys/net
		for f in ipv4/conf/*/rp_filter ipv4/ip_forward ipv6/conf/*/accept_dad \
			ipv6/conf/*/accept_ra ipv6/conf/*/disable_ipv6; do echo 0 >$f; done'
	ip -n "$world-$1" link set lo up
}

wire() { # ROLE IF ROLE IF
	ip link add "$2" netns "$world-$1" type veth peer name "$4" netns "$world-$3"
}

# What is sent before the carrier was noticed is lost.
up() { # ROLE IF ROLE IF
	ip -n "$world-$1" link set "$2" up
	ip -n "$world-$3" link set "$4" up
	linklocal "$1" "$2" >/dev/null
	linklocal "$3" "$4" >/dev/null
}

# Lines as for `ip`, without the word.
configure() { # ROLE
	ip -n "$world-$1" -batch -
}

# An address that the kernel makes itself appears only some time after the link came up.
linklocal() { # ROLE IF
	eventually has_linklocal "$@"
	ip -n "$world-$1" -j -6 addr show dev "$2" scope link | jq -r '.[0].addr_info[0].local'
}

has_linklocal() { # ROLE IF
	ip -n "$world-$1" -6 addr show dev "$2" scope link -tentative | grep -q fe80
}

mac() { # ROLE IF
	ip -n "$world-$1" -j link show dev "$2" | jq -r '.[0].address'
}

# For things that take a moment; how long a slow machine needs is not what is tested.
eventually() { # COMMAND...
	for _ in {1..500}; do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.02
	done
	return 1
}

# --- the hoster's world --------------------------------------------------------------------------

# The hoster routes the /64 to the mail host's link-local address; the mail host has an IPv4 /32 and
# nothing of the /64, and no IPv6 default route. The router has only fe80::1 there, as hosters do.
world_hoster() {
	namespace router
	namespace mail
	namespace client
	wire router host mail eth0
	wire router lan client eth0
	inside router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
	ip -n "$world-router" link set host addrgenmode none up
	configure mail <<-END
		link set eth0 up
		addr add $mail4/32 dev eth0
		route add 203.0.113.1 dev eth0
		route add default via 203.0.113.1
	END
	configure router <<-END
		link set lan up
		addr add 203.0.113.1/32 dev host
		addr add fe80::1/64 dev host
		addr add 192.0.2.1/24 dev lan
		addr add 2001:db8:7::1/64 dev lan
		addr add $dns/32 dev lo
		route add $mail4 dev host
		route add 198.51.100.0/24 via $mail4
		route add 2001:db8:1::/64 via $(linklocal mail eth0) dev host
	END
	configure client <<-END
		link set eth0 up
		addr add 192.0.2.5/24 dev eth0
		addr add $client6/64 dev eth0
		route add default via 192.0.2.1
		route add default via 2001:db8:7::1
	END
}

. "$here/tap.sh"
. "$here/servers.sh"
