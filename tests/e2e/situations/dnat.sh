# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Unowned, and translated to a container; the routes know nothing of it.
place=forwards families="4 6" verdict=served causes=''
publish() { publish_plainly; }
prepare() {
	local to="ip to $container4"
	[[ $family == 4 ]] || to="ip6 to $container6"
	nft_rule nat prerouting dstnat dnat "$to"
}
