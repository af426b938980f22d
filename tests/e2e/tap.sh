# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The results of a script for prove, in the Test Anything Protocol; $work is its directory.

tests=0
failed=0

result() { # WORD DESCRIPTION
	tests=$((tests + 1))
	echo "$1 $tests - $2"
}

# Data of foreign origin may not begin a line of our output: it could read as a result.
explain() {
	LC_ALL=C tr -c '[:print:]\n\t' '?' | head -n 60 | sed 's/^/#   /'
}

ok() { # DESCRIPTION COMMAND...
	local what=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		result ok "$what"
		return
	fi
	failed=1
	result 'not ok' "$what"
	printf '#  ' && printf ' %q' "$@" && echo
	explain <"$work/said"
}

fails() { ! "$@"; }

is() { # GOT WANTED DESCRIPTION
	ok "$3" test "$1" = "$2"
}

skip() { # DESCRIPTION REASON
	result ok "$1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

done_testing() {
	echo "1..$tests"
	exit "$failed"
}
