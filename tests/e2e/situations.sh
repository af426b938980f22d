# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Situations: what a host may be in when SYNs come, each one short file in situations/.
#
# A file is read once for each address family that it names, in a shell of its own, and sets:
#
#   place     where its address is: one of place_* below; says which host, and what leads there
#   families  4, 6 or both ("4 6")
#   verdict   what is to be said of $address; "none": that it does not stand among the destinations
#   causes    what the causes must be, in the contract's order; unset: not looked at
#   port      the one that is dialled; 993 has a listener on every host, the others have none
#   ruled     1: a policy rule decides, which `host --json` does not tell
#   todo      a reason, where synhole is known to say something else
#
# and may define what happens, in this order; each is nothing, but for `act`, where not defined:
#
#   possible  fails where this kernel cannot build it
#   publish   before all: put records into the zone, and options on the command line
#   prepare   make the host what it is to be
#   act       while it is watched; all situations act at once, for about ACTING seconds
#   late      just before the capture ends
#
# $name, $family, $type (A or AAAA), $address, $length, $host and $dev are theirs to use.

readonly ACTING=4

# The hosts and how each is watched: what is captured at once must not exclude one another.
readonly hosts=(end forwards bare bridged)
declare -A watched_by=([end]="tc native clsact" [forwards]="tc native" [bridged]="tc native"
	[bare]=generic)

# An end host with default routes; its prefix is routed to it.
place_end() { host=end net4=198.51.100. first=10 net6=2001:db8:1:: ; }
# The same, but the router takes the prefix for one on the link, and asks who has the address.
place_onlink() { host=end net4=203.0.113. first=32 net6=2001:db8:5:: ; }
# A host that forwards, with a container behind it.
place_forwards() { host=forwards net4=203.0.113. first=140 net6=2001:db8:2:: ; }
# The same, but on the link, as above.
place_proxied() { host=forwards net4=203.0.113. first=4 net6=2001:db8:6:: ; }
# A host without any default route, as in the founding incident.
place_bare() { host=bare net4=203.0.113. first=70 net6=2001:db8:3:: ; }

# A host whose interface is a port of a bridge, with its neighbours on the link.
place_bridged() { host=bridged net4=203.0.113. first=49 net6=2001:db8:4:: ; }

readonly container4=203.0.113.130 container6=2001:db8:2::c

# --- the world -----------------------------------------------------------------------------------

# The roles of the hosters' world, and three more hosts behind the router.
world_situations() {
	world_hoster
	namespace forwards
	namespace bare
	namespace container
	namespace bridged
	namespace neighbour
	wire router fwd forwards eth0
	wire router bare bare eth0
	wire forwards c0 container eth0
	wire router bridge bridged eth0
	wire bridged n0 neighbour eth0
	ip -n "$world-router" link set bridge addrgenmode none up
	ip -n "$world-router" link set fwd addrgenmode none up
	ip -n "$world-router" link set bare addrgenmode none up
	inside forwards sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
	ip -n "$world-mail" -6 route add default via fe80::1 dev eth0
	configure forwards <<-END
		link set eth0 up
		link set c0 up
		addr add 203.0.113.129/32 dev eth0
		addr add fe80::1/64 dev c0
		route add 203.0.113.1 dev eth0
		route add default via 203.0.113.1
		route add default via fe80::1 dev eth0
		route add $container4 dev c0
		route add $container6 dev c0
	END
	configure container <<-END
		link set eth0 up
		addr add $container4/32 dev eth0
		addr add $container6/128 dev eth0
		route add 203.0.113.129 dev eth0
		route add default via 203.0.113.129
		route add default via fe80::1 dev eth0
	END
	configure bare <<-END
		link set eth0 up
		addr add 203.0.113.65/32 dev eth0
		route add $dns dev eth0
	END
	configure bridged <<-END
		link add br0 type bridge
		link set eth0 master br0
		link set n0 master br0
		link set br0 address $(mac bridged eth0)
		link set br0 up
		link set n0 up
		link set eth0 up
		route add 203.0.113.1 dev br0
		route add default via 203.0.113.1
		route add default via fe80::1 dev br0
	END
	configure neighbour <<-END
		link set eth0 up
		route add 203.0.113.1 dev eth0
		route add default via 203.0.113.1
		route add default via fe80::1 dev eth0
	END
	configure router <<-END
		addr add 203.0.113.1/32 dev bridge
		addr add fe80::1/64 dev bridge
		route add 203.0.113.48/28 dev bridge
		route add 2001:db8:4::/64 dev bridge
		addr add 203.0.113.1/32 dev fwd
		addr add fe80::1/64 dev fwd
		addr add fe80::1/64 dev bare
		route add 203.0.113.129 dev fwd
		route add 203.0.113.128/25 via 203.0.113.129
		route add 2001:db8:2::/64 via $(linklocal forwards eth0) dev fwd
		route add 203.0.113.65 dev bare
		route add 203.0.113.64/26 via 203.0.113.65
		route add 2001:db8:3::/64 via $(linklocal bare eth0) dev bare
		route add 203.0.113.32/28 dev host
		route add 2001:db8:5::/64 dev host
		route add 203.0.113.0/27 dev fwd
		route add 2001:db8:6::/64 dev fwd
		neigh replace 203.0.113.65 lladdr $(mac bare eth0) dev bare
	END
	# One client dials nearly everything, and ICMP errors are limited by whom they go to.
	local role
	for role in mail forwards; do
		inside $role sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit
			echo 0 >/proc/sys/net/ipv6/icmp/ratelimit'
	done
	for role in mail forwards bare container bridged neighbour; do
		inside $role "$here/listen.py" 993 >/dev/null 2>&1 &
		eventually listening $role t 993
	done
	# 995 is the port where the container says nothing.
	inside container nft -f - <<-END
		table inet quiet {
			chain input {
				type filter hook input priority 0
				tcp dport 995 drop
			}
		}
	END
}

role_of() { # HOST
	if [[ $1 == end ]]; then echo mail; else echo "$1"; fi
}

# --- what situations are made of -----------------------------------------------------------------

on_host() { # COMMAND...
	inside "$(role_of "$host")" "$@"
}

on_host_ip() { # ARGUMENT... of `ip`, in the family of the address
	on_host ip "-$family" "$@"
}

own() { # the address, as most do, and at once
	if [[ $family == 4 ]]; then
		on_host ip addr add "$address/$length" dev eth0
	else
		on_host ip addr add "$address/$length" dev eth0 nodad
	fi
}

# The kernel asks so often whether another host has it. It reads the number some time after.
own_asking() { # SOLICITATIONS
	on_host sh -c "cd /proc/sys/net/ipv6/conf/eth0 && echo 1 >accept_dad && echo $1 >dad_transmits"
	on_host ip addr add "$address/$length" dev eth0
	sleep 0.2
}

record() { # LINE of the zone
	echo "$*" >>"$work/zone/example.org.zone"
}

option() { # OPTION VALUE of synhole on this host
	echo "$*" >>"$work/options.$host"
}

publish_plainly() {
	record "$name $type $address"
	option -n "$name.example.org"
}

# Each rule is the situation's own, and matches what is for (on output: from) its address only.
nft_rule() { # CHAIN-TYPE HOOK PRIORITY RULE
	local ip=ip end=daddr
	[[ $family == 4 ]] || ip=ip6
	[[ $2 != output ]] || end=saddr
	on_host nft -f - <<-END
		table inet $name {
			chain $2 {
				type $1 hook $2 priority $3
				$ip $end $address ${*:4}
			}
		}
	END
}

# A real connect() with the kernel's own retransmissions; it gives up when the acting is over.
# shellcheck disable=SC2120 # situations give the seconds
dials() { # [SECONDS]
	inside client timeout "${1:-$((ACTING - 1)).5}" bash -c '3<>"/dev/tcp/$1/$2"' - \
		"$address" "$port" 2>/dev/null || :
}

# Let the client dial by an address of its own. What the kernel says of its routes it says five times
# to a caller and then once in a second (error_burst and error_cost, net/ipv4/route.c), and no
# namespace can set that.
dialled_from() { # NUMBER
	local net=192.0.2. prefix=24
	[[ $family == 4 ]] || net=2001:db8:7:: prefix=64
	inside client ip addr add "$net$1/$prefix" dev eth0
	inside client ip route add "$address" via "${net}1" src "$net$1"
}

# Other senders' SYNs, by the router.
sent_by() { # STACK
	inside client "$here/stacks.py" --dev eth0 --to "$(mac router lan)" --port "$port" "$1" "$address"
}

# A frame straight onto the host's link.
frame_to() { # MAC
	local dev=host
	[[ $host == end ]] || dev=fwd
	inside router "$here/stacks.py" --dev $dev --to "$1" --port "$port" bare "$address"
}

# The zone that they write their records into, and the options that all have.
situations_zone() {
	local h
	mkdir "$work/zone"
	cat >"$work/zone/example.org.zone" <<'ZONE'
$ORIGIN example.org.
$TTL 300
@	SOA	ns admin 1 3600 600 86400 300
@	NS	ns
ns	A	192.0.2.53
ZONE
	for h in "${hosts[@]}"; do
		echo "-n ns.example.org" >"$work/options.$h"
		echo "--elsewhere 192.0.2.53" >>"$work/options.$h"
	done
}
