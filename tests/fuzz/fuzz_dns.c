// SPDX-License-Identifier: GPL-2.0-only
/* The answers of DNS servers as any bytes: read for every type, in whatever order they come. */
#include "io/dns_answer.h"

#include <arpa/nameser.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The name the answer itself says was asked, so that mutations are not wasted on others' records.
 */
static char *asked(const uint8_t *data, size_t size)
{
	ns_msg msg;
	ns_rr rr;

	if (size <= NS_MAXMSG && ns_initparse(data, (int)size, &msg) == 0 &&
	    ns_parserr(&msg, ns_s_qd, 0, &rr) == 0)
		return strdup(ns_rr_name(rr));
	return strdup("a.example");
}

static void check(const struct dns_answer *answer, enum dns_outcome outcome, bool text)
{
	size_t most = text ? DNS_MAX_TEXTS : DNS_MAX_TARGETS;

	if (outcome >= DNS_TIMEOUT || answer->hops > DNS_MAX_HOPS ||
	    answer->n_records > DNS_MAX_RECORDS || answer->n_targets > most ||
	    (outcome == DNS_FOUND) != (answer->n_records + answer->n_targets > 0))
		abort();
	for (size_t i = 0; i < answer->n_records; i++)
		if (answer->records[i].ttl > answer->ttl || answer->records[i].ttl > INT32_MAX)
			abort();
	for (size_t i = 0; !text && i < answer->n_targets; i++)
		for (const char *p = answer->targets[i]; *p; p++)
			if (*p <= ' ' || *p > '~')
				abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t types[] = {ns_t_a, ns_t_aaaa, ns_t_mx, ns_t_srv, ns_t_ptr, ns_t_txt};
	uint8_t question[DNS_MAX_QUESTION];
	struct dns_answer answer;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		dns_answer_init(&answer, asked(data, size));
		for (int again = 0; again < 2; again++)
			check(&answer, dns_answer_read(&answer, types[i], data, size),
			      types[i] == ns_t_txt);
		if (dns_question_write(question, answer.name, types[i], true) >
		    (int)sizeof(question))
			abort();
		dns_answer_free(&answer);
	}
	return 0;
}
