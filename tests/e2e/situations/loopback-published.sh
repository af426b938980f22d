# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Whoever publishes a loopback address means every host.
place=loopback families=4 verdict=none
place_loopback() { host=end net4=127.0.0. first=53 net6=:: ; }
publish() { publish_plainly; }
act() { :; }
