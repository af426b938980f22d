#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A page of incidents, looked at with a real browser that has no network: at a desk and on a phone,
# light and dark, read aloud and printed; and one whose every text is hostile.

. "$(dirname "$0")/world.sh"
world_begin chromium-headless-shell python3 sqlite3

readonly store=$work/synhole.db page=$work/page.html
"${synhole%/*}/tests/incidents/write_store" "$store"

report() { # ARGUMENT...
	status=0
	"$synhole" report --store "$store" "$@" >"$work/out" 2>"$work/err" || status=$?
}

# What is seen goes where json looks for it.
look() {
	ok "a browser without a network opens it" test -s "$page"
	HOME=$work unshare -n "$here/browser.py" "$page" "$work" >"$work/out"
}

screens() { # DESCRIPTION FILTER: it holds on each screen
	json "$1" "[.desktop_light, .desktop_dark, .phone_light, .phone_dark | $2] | all"
}

refused() { # DESCRIPTION PATTERN
	is "$status" 3 "$1: exit 3"
	is "$(wc -l <"$work/err")" 1 "$1: one line on standard error"
	ok "$1: it says /$2/" grep -qE -- "$2" "$work/err"
}

# --- one incident --------------------------------------------------------------------------------

report 1 -o "$page"
is "$status" 0 "report 1: exit 0"
ok "nothing is said" test ! -s "$work/out" -a ! -s "$work/err"
ok "it names no other place" fails grep -qE '(src|srcset|data|action)=|url\(|@import|https?:' "$page"
look
json "nothing was asked of the network" '.requests | length == 1'
screens "nothing is wider than the screen" '.scroll_width <= .width'
json "a phone is a phone" '.phone_light.width == 360 and .desktop_light.width == 1280'
json "dark is dark, light is light" '.desktop_dark.background != .desktop_light.background
	and .phone_dark.background == .desktop_dark.background'
screens "each text can be read: a contrast of 4.5 or more" '.worst.ratio >= 4.5'
screens "the picture's texts are not too small" '.smallest >= 10'
screens "the picture is there, with its bars, dots and marks" '.svgs == 1 and .bars == [true]
	and .marks == 9 and .dots == 2'
screens "the marks are the timeline's rows" '(.rows | length) == 9
	and (.rows[0] | contains("published")) and (.rows[4] | contains("address added"))'
json "what is said aloud" '.images | length == 1 and
	.[0].name == "SYNs and answers over time" and
	(.[0].description | contains("481 in all, at most 56 in one"))'
for words in 'no interface of this host has the address' 'ip -6 addr add 2001:db8:1::2/64 dev eth0' \
	'about 51 connections failed' '2001:db8:7::/48' 'imap.example.org, mail.example.org' \
	'What was seen to mend it' '15:10:00 UTC: 2001:db8:1::2 was added to eth0' \
	'Incident 1: blackhole, then mute, then blackhole of' 'IP_INNOROUTES' 'IPv6 via fe80::1 on eth0' '15.0 s'; do
	json "it says \"$words\"" ".desktop_light.text | contains(\"$words\")"
done
json "it prints" '.prints'
for screen in desktop-light desktop-dark phone-light phone-dark; do
	ok "a screenshot: $screen" test "$(stat -c %s "$work/$screen.png")" -gt 20000
done

# --- all of them, one of which is hostile --------------------------------------------------------

report -o "$page"
is "$status" 0 "report: exit 0"
ok "printable ASCII alone" fails env LC_ALL=C grep -qP '[^\x20-\x7e]' "$page"
look
screens "three incidents, three pictures" '.articles == 3 and .svgs == 3'
json "an index, whose links lead somewhere" '.desktop_light
	| (.links | length) == 3 and (.links | all) and (.heads | index("THE INCIDENTS") == 1)'
screens "no script has run, and none is there" '.title == "Incidents" and .scripts == 0
	and .handlers == 0'
screens "hostile texts are shown as they are" '.text | contains("<script>document.title=")'
screens "nothing is wider than the screen" '.scroll_width <= .width'
screens "each text can be read" '.worst.ratio >= 4.5'
json "nothing was asked of the network" '.requests | length == 1'
report --verdict stray --open -o "$page"
ok "the options select" grep -q 'Incident 3' "$page"
ok "and leave out" fails grep -q 'Incident 1' "$page"
report --name nobody.example.org -o "$page"
is "$status" 0 "a page without incidents: exit 0"
ok "says so" grep -q 'No incidents' "$page"
report --limit 1 -o "$page"
ok "what is left out is said" grep -q 'There are more' "$page"

# --- the founding incident, from nothing but its recording ---------------------------------------

readonly recordings=$here/../recordings
"$synhole" replay "$recordings/founding.pcapng" --host "$recordings/founding.host.json" \
	--zone "$recordings/founding.zone" --store "$work/old.db" >/dev/null || :
"$synhole" report 1 --store "$work/old.db" -o "$page"
look
screens "its calls are drawn, its events marked" '.bars == [true] and .marks == 3'
json "what it was" '.desktop_light.text | contains("imap.example.org and 1 more publish") and
	contains("It has lasted 8 seconds") and contains("What mends it")'

# --- where it is written -------------------------------------------------------------------------

echo before >"$page"
report 99 -o "$page"
refused "no such incident" 'no incident 99'
is "$(cat "$page")" before "what was there is untouched"
report 1
refused "nowhere to write" '-o FILE.html'
report 1 -o "$work"
refused "a directory" 'no plain file'
report 1 -o /dev/null
refused "a device" 'no plain file'
ok "which is still there" test -c /dev/null
report 1 -o "$work/nowhere/page.html"
refused "no such directory" 'No such file or directory'
mkdir "$work/full" && mount -t tmpfs -o size=8k tmpfs "$work/full"
report 1 -o "$work/full/page.html"
umount "$work/full"
refused "a full disk" 'No space left'
umask 027
report 1 -o "$page"
is "$(stat -c %a "$page")" 640 "the rights are those of a new file"
ok "no other file is left" fails compgen -G "$page.*"
sqlite3 "$store" "UPDATE incidents SET document = '[]' WHERE id = 1"
report -o "$page"
refused "a damaged record among others" '1 of the incidents could not be read'
ok "the others are there" grep -q 'Incident 3' "$page"

done_testing
