#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Do all includes go the way the layout's arrows point, and headers never in a circle? Prints those
# that do not. Modules of user/io/ know each other only where their names begin alike or stand in
# one line below.
cd "$(dirname "$0")/.." || exit 1
set_room() { # of an included name; "" for what is not ours
	case $1 in base/* | core/* | io/* | cmd/*) room=${1%%/*} && return ;; esac
	for room in include vmlinux bpf; do [ ! -e "$room/$1" ] || return 0; done
	room=
}
set_family() {
	family=${1##*/} family=${family%%[_.]*}
	case $family in rtnl | diag | netlink) family=netlink ;; dns | resolver) family=dns ;; libcurl | fetch | alert) family=libcurl ;; probe | pins | hook | clsact | slots | privilege | instance | settings | known | drops) family=probe ;; esac
}
is_allowed() { # file, line, "<" or the quote, included name
	from=${1%/*} from=${from##*/}
	set_room "$4"
	case $from:$room in
	include:include | bpf:include | bpf:vmlinux | bpf:bpf) ;;
	include:vmlinux) sed -n "$(($2 - 1))p" "$1" | grep -q '^#ifdef __bpf__$' ;;
	core:base) [ "$4" != base/clock.h ] ;; # the time comes in with each input
	base:include | base:base | core:include | core:core) ;;
	io:include | io:base | io:core | cmd:include | cmd:base | cmd:core | cmd:io | cmd:cmd) ;;
	io:io) set_family "$1" && own=$family && set_family "$4" && [ "$family" = "$own" ] ;;
	io:) [ "$3" = '<' ] || [ "${4%.skel.h}" != "$4" ] ;; # skeletons are built
	*:) [ "$3" = '<' ] ;;
	*) false ;;
	esac
}
all=$(grep -rnE --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include' include bpf user |
	sed -E 's/^([^:]*):([0-9]*):[^<"]*([<"])([^">]*)[">].*/\1 \2 \3 \4/')
bad=$(echo "$all" | while read -r file line mark name; do
	is_allowed "$file" "$line" "$mark" "$name" || echo "# $file:$line includes $name"
done)
circles=$(echo "$all" | sed -nE 's,^(user/|include/|bpf/)([^ ]*\.h) [0-9]* " (.*),\2 \3,p' |
	tsort 2>&1 >/dev/null | sed 's/^/# circle: /')
echo 1..1
[ "$all" ] && [ -z "$bad$circles" ] && echo "ok - layers" && exit
printf '%s\n' "$bad" "$circles" | grep .
echo "not ok - layers" && exit 1
