# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Published, on no interface, and nobody has called.
place=end families="4 6" verdict=latent causes=address-missing
publish() { publish_plainly; }
act() { :; }
