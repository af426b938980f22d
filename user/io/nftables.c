// SPDX-License-Identifier: GPL-2.0-only
/* The ruleset of nftables in this network namespace, by libnftables. */
#include "io/nftables.h"

#include "base/cleanup.h"

#include <errno.h>
#include <nftables/libnftables.h>
#include <stdio.h>
#include <string.h>

static void free_context(struct nft_ctx **nft)
{
	if (*nft)
		nft_ctx_free(*nft);
}

int nftables_read(struct firewall **ret_firewall, struct failure *failure)
{
	cleanup(free_context) struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	const char *text;
	int r;

	if (!nft)
		return failure_set(failure, -ENOMEM, "out of memory");
	nft_ctx_output_set_flags(nft, NFT_CTX_OUTPUT_JSON);
	nft_ctx_buffer_output(nft);
	nft_ctx_buffer_error(nft);
	errno = 0;
	if (nft_run_cmd_from_buffer(nft, "list ruleset"))
		return failure_set(failure, errno == EPERM ? -EPERM : -EIO,
				   errno == EPERM ? "only root may ask nftables"
						  : "nftables could not be asked");
	text = nft_ctx_get_output_buffer(nft);
	r = firewall_new(ret_firewall, text, strlen(text));
	return r < 0 ? failure_set(failure, r, "what nftables says could not be read") : 0;
}

bool nftables_has_legacy(void)
{
	static const char *const paths[] = {"/proc/net/ip_tables_names",
					    "/proc/net/ip6_tables_names"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		cleanup(close_file) FILE *file = fopen(paths[i], "re");

		if (file && fgetc(file) != EOF)
			return true;
	}
	return false;
}
