#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Fuzzes targets one after the other and says how far each came: run.sh BUILD SECONDS TARGET...
build=$1 seconds=$2
shift 2
status=0
for target; do
	corpus=$build/corpus/$target log=$build/$target.log
	mkdir -p "$corpus" "$build/found"
	"$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1500 \
		-print_final_stats=1 -artifact_prefix="$build/found/$target-" \
		"$corpus" "tests/fuzz/corpus/$target" >"$log" 2>&1 || {
		status=1
		echo "$target FAILED, see $log and $build/found"
		continue
	}
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
	echo "$target: $runs inputs in $seconds s, $edges edges reached, nothing found"
done
exit $status
