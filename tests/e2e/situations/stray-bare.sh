# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The same where no answer could leave either.
place=bare families="4 6" verdict=stray
