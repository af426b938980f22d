#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The sources are formatted as .clang-format says, and each says under which licence it stands.
cd "$(dirname "$0")/.." || exit 1
echo 1..2
files=$(find bpf include user tests vmlinux -name '*.[ch]')
# shellcheck disable=SC2086
if clang-format --dry-run --Werror $files; then echo ok - formatted; else echo not ok - formatted; fi
# shellcheck disable=SC2086
missing=$(grep -L 'SPDX-License-Identifier:' $files)
if [ -z "$missing" ]; then echo ok - licensed; else echo "not ok - licensed: $missing"; fi
