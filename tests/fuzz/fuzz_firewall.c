// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes what is read of nftables' rules: any JSON, asked for a port of either family. */
#include "base/address.h"
#include "core/firewall.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct firewall *firewall = NULL;
	struct addr v4, v6;

	address_parse("192.0.2.2", &v4);
	address_parse("2001:db8::2", &v6);
	if (size > 65536 || firewall_new(&firewall, (const char *)data, size) < 0)
		return 0;
	firewall_has_chains(firewall);
	if (firewall_ask(firewall, &v4, 25, "eth0") == FIREWALL_UNKNOWN ||
	    firewall_ask(firewall, &v6, 389, "eth0") == FIREWALL_UNKNOWN)
		abort();
	firewall_free(&firewall);
	return 0;
}
