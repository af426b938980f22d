#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# All benchmarks, one table, on standard output and in BUILD/bench.txt. Needs root.
#
# Usage: run.sh BUILD

set -euo pipefail
cd "$(dirname "$0")/../.."

readonly build=$1

machine() {
	echo "Linux $(uname -r), $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
	echo "load $(cut -d' ' -f1-3 /proc/loadavg) at the start; times drift on a shared machine"
	echo "other instances of synhole that watch drops, which all of the machine pays for:" \
		"$(bpftool prog show | grep -c 'name drop_syn' || :)"
}

# The link is not measured without those that it is compared with.
link() {
	local tool
	for tool in nft tcpdump bpftrace iperf3 python3 ethtool jq bpftool; do
		if ! command -v "$tool" >/dev/null; then
			echo "the link was not measured: $tool is missing"
			return
		fi
	done
	tests/bench/link.sh "$build/synhole" "$build/tests/bench/bench_send" \
		"$build/tests/bench/bench_hooks"
}

# `make check` runs the same with fewer.
exact() {
	echo "25 million SYNs to strangers on all processors, and calls of what matters meanwhile"
	SYNHOLE=$PWD/$build/synhole tests/bench/exact.t 25000000
}

all() {
	machine
	echo
	"$build/tests/bench/bench_programs"
	echo
	"$build/tests/bench/bench_verifier"
	echo
	"$build/tests/bench/bench_table"
	echo
	link
	echo
	exact
	echo
	SYNHOLE=$PWD/$build/synhole tests/bench/latency.sh
	echo
	tests/bench/replay.sh "$build/synhole"
}

if [[ $EUID -ne 0 ]]; then
	echo "run.sh: the benchmarks load programs into the kernel: run them as root" >&2
	exit 1
fi
all | tee "$build/bench.txt"
