#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each situation that is built end to end is also a case for the pure core: one whose title begins
# with the situation's name, and that says the same verdict and the same causes.
cd "$(dirname "$0")/.." || exit 1
missing=$(awk '
	function keep() { # what the block of "found" lines that ends here has said
		for (i in mine) {
			said[mine[i], verdict]
			said[mine[i], verdict, causes]
		}
		verdict = causes = ""
	}
	FNR == 1 && FILENAME ~ /\.sh$/ {
		name = FILENAME
		gsub(/.*\/|\.sh$/, "", name)
	}
	FILENAME ~ /\.sh$/ && /^place=/ {
		match($0, /verdict=[a-z]*/)
		wanted[name] = substr($0, RSTART + 8, RLENGTH - 8)
		if (match($0, /causes=("[^"]*"|[^ ]*)/)) {
			why[name] = substr($0, RSTART + 7, RLENGTH - 7)
			gsub(/["\047]/, "", why[name])
		}
	}
	/^case / {
		keep()
		split("", mine)
		sub(/^case /, "")
		n = index($0, ": ") ? split(substr($0, 1, index($0, ": ") - 1), mine, ", ") : 0
		for (i = 1; i <= n; i++) cased[mine[i]]
	}
	/^found / { keep(); verdict = $2 == "nothing" ? "none" : $2 }
	/^  causes / { causes = substr($0, 10) }
	END {
		keep()
		for (name in wanted) {
			if (!(name in cased)) print name " has no case"
			else if (!((name, wanted[name]) in said))
				print name ": no case says " wanted[name]
			else if (name in why && !((name, wanted[name], why[name]) in said))
				print name ": no case says " wanted[name] " because of \"" why[name] "\""
			all++
		}
		if (!all) print "there are no situations"
	}' tests/e2e/situations/*.sh tests/cases/*.case)
echo 1..1
[ -z "$missing" ] && echo "ok - each situation has its case" && exit
echo "$missing" | sed 's/^/# /'
echo "not ok - each situation has its case"
exit 1
