// SPDX-License-Identifier: GPL-2.0-only
/* DNS on the wire, by glibc's own parser: c-ares 1.18 tells no TTLs of MX and SRV records. */
#include "io/dns_answer.h"
#include "base/address.h"
#include "base/cleanup.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* An answer may hold 5,000 records, and each name thousands of pointers: look at no more. */
#define DNS_MAX_LOOKS 512

/* The well-known prefix 64:ff9b::/96 (RFC 6052, 2.1). */
static const struct addr nat64 = {.bytes = {[1] = 0x64, [2] = 0xff, [3] = 0x9b}};

void dns_answer_init(struct dns_answer *answer, char *name)
{
	*answer = (struct dns_answer){.name = name, .ttl = UINT32_MAX};
}

static void forget(struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->n_targets; i++)
		free(answer->targets[i]);
	answer->n_targets = answer->n_records = 0;
}

void dns_answer_free(struct dns_answer *answer)
{
	forget(answer);
	free(answer->targets);
	free(answer->records);
	free(answer->name);
	*answer = (struct dns_answer){0};
}

/* RFC 2181, 8: a TTL with its highest bit set is 0. */
bool dns_answer_counts(const struct addr *aaaa)
{
	return !address_in_prefix(aaaa, &nat64, 96) && !address_is_v4(aaaa);
}

static uint32_t ttl_of(const struct dns_answer *answer, const ns_rr *rr)
{
	uint32_t ttl = ns_rr_ttl(*rr) > INT32_MAX ? 0 : ns_rr_ttl(*rr);

	return ttl < answer->ttl ? ttl : answer->ttl;
}

static enum dns_outcome add_record(struct dns_answer *answer, const ns_rr *rr)
{
	struct record *grown, record = {.ttl = ttl_of(answer, rr)};

	if (ns_rr_rdlen(*rr) != (ns_rr_type(*rr) == ns_t_a ? 4 : 16))
		return DNS_MALFORMED;
	if (ns_rr_type(*rr) == ns_t_a)
		record.address = address_from_v4((const void *)ns_rr_rdata(*rr));
	else
		memcpy(record.address.bytes, ns_rr_rdata(*rr), 16);
	if (ns_rr_type(*rr) == ns_t_aaaa && !dns_answer_counts(&record.address))
		return DNS_EMPTY;
	if (answer->n_records == DNS_MAX_RECORDS)
		return DNS_FOUND;
	grown = reallocarray(answer->records, answer->n_records + 1, sizeof(*grown));
	if (!grown)
		return DNS_NO_MEMORY;
	answer->records = grown;
	answer->records[answer->n_records++] = record;
	return DNS_FOUND;
}

/* The name that lies `offset` bytes into the record's data. */
static enum dns_outcome read_name(const ns_msg *msg, const ns_rr *rr, size_t offset,
				  char name[static NS_MAXDNAME])
{
	if (ns_rr_rdlen(*rr) <= offset ||
	    dn_expand(ns_msg_base(*msg), ns_msg_end(*msg), ns_rr_rdata(*rr) + offset, name,
		      NS_MAXDNAME) < 0)
		return DNS_MALFORMED;
	return DNS_FOUND;
}

static enum dns_outcome add_text(struct dns_answer *answer, const char *text)
{
	char **grown = reallocarray(answer->targets, answer->n_targets + 1, sizeof(*grown));

	if (!grown)
		return DNS_NO_MEMORY;
	answer->targets = grown;
	answer->targets[answer->n_targets] = strdup(text);
	return answer->targets[answer->n_targets] ? answer->n_targets++, DNS_FOUND : DNS_NO_MEMORY;
}

static enum dns_outcome add_target(struct dns_answer *answer, const ns_msg *msg, const ns_rr *rr)
{
	char name[NS_MAXDNAME];
	size_t offset = ns_rr_type(*rr) == ns_t_mx ? 2 : ns_rr_type(*rr) == ns_t_srv ? 6 : 0;
	enum dns_outcome r = read_name(msg, rr, offset, name);

	if (r != DNS_FOUND)
		return r;
	if (!*name)
		return DNS_NONE;
	for (size_t i = 0; i < answer->n_targets; i++)
		if (strcasecmp(answer->targets[i], name) == 0)
			return DNS_FOUND;
	return answer->n_targets == DNS_MAX_TARGETS ? DNS_FOUND : add_text(answer, name);
}

/* Character strings, each behind its length (RFC 1035, 3.3.14), belong together without a space
 * (RFC 7208, 3.3). */
static enum dns_outcome add_strings(struct dns_answer *answer, const ns_rr *rr)
{
	autofree char *text = malloc(ns_rr_rdlen(*rr) + 1U);
	const uint8_t *p = ns_rr_rdata(*rr), *end = p + ns_rr_rdlen(*rr);
	size_t used = 0;

	if (!text)
		return DNS_NO_MEMORY;
	while (p < end) {
		size_t n = *p++;

		if (n > (size_t)(end - p))
			return DNS_MALFORMED;
		for (; n; n--, p++)
			text[used++] = *p ? (char)*p : '\001';
	}
	text[used] = '\0';
	return answer->n_targets == DNS_MAX_TEXTS ? DNS_FOUND : add_text(answer, text);
}

static enum dns_outcome follow(struct dns_answer *answer, const ns_msg *msg, const ns_rr *rr)
{
	char name[NS_MAXDNAME], *copy;
	enum dns_outcome r = read_name(msg, rr, 0, name);

	if (r != DNS_FOUND)
		return r;
	if (answer->hops == DNS_MAX_HOPS)
		return DNS_LOOP;
	copy = strdup(name);
	if (!copy)
		return DNS_NO_MEMORY;
	forget(answer); /* beside a CNAME there is nothing else (RFC 1034, 3.6.2) */
	free(answer->name);
	answer->name = copy;
	answer->ttl = ttl_of(answer, rr);
	answer->hops++;
	return DNS_CNAME;
}

static enum dns_outcome add(struct dns_answer *answer, uint16_t type, const ns_msg *msg,
			    const ns_rr *rr)
{
	if (ns_rr_class(*rr) != ns_c_in || strcasecmp(ns_rr_name(*rr), answer->name) != 0)
		return DNS_EMPTY;
	if (ns_rr_type(*rr) == ns_t_cname)
		return follow(answer, msg, rr);
	if (ns_rr_type(*rr) != type)
		return DNS_EMPTY;
	if (type == ns_t_txt)
		return add_strings(answer, rr);
	return type == ns_t_a || type == ns_t_aaaa ? add_record(answer, rr)
						   : add_target(answer, msg, rr);
}

/* A server that neither has the name nor recurses, and points to others (RFC 1034, 4.3.1). */
static bool refers(ns_msg *msg)
{
	ns_rr rr;

	return !ns_msg_getflag(*msg, ns_f_aa) && !ns_msg_getflag(*msg, ns_f_ra) &&
	       ns_msg_count(*msg, ns_s_ns) && ns_parserr(msg, ns_s_ns, 0, &rr) == 0 &&
	       ns_rr_type(rr) == ns_t_ns;
}

/* One pass suffices: servers write a CNAME before what it leads to, and if one does not, the
 * target is asked for by itself. */
static enum dns_outcome read_records(struct dns_answer *answer, uint16_t type, ns_msg *msg)
{
	unsigned seen[DNS_UNREACHABLE + 1] = {0};
	ns_rr rr;

	for (int i = 0; i < ns_msg_count(*msg, ns_s_an) && i < DNS_MAX_LOOKS; i++) {
		enum dns_outcome r = DNS_MALFORMED;

		if (ns_parserr(msg, ns_s_an, i, &rr) == 0)
			r = add(answer, type, msg, &rr);
		if (r > DNS_CNAME)
			return r;
		seen[r]++;
	}
	if (answer->n_records || answer->n_targets)
		return DNS_FOUND;
	if (seen[DNS_NONE])
		return DNS_NONE;
	if (seen[DNS_CNAME])
		return *answer->name ? DNS_CNAME : DNS_EMPTY;
	return refers(msg) ? DNS_REFERRAL : DNS_EMPTY;
}

static enum dns_outcome read_reply(struct dns_answer *answer, uint16_t type, const uint8_t *reply,
				   size_t size)
{
	ns_msg msg;

	if (size > NS_MAXMSG || ns_initparse(reply, (int)size, &msg) < 0)
		return DNS_MALFORMED;
	if (!ns_msg_getflag(msg, ns_f_qr) || ns_msg_getflag(msg, ns_f_opcode) != ns_o_query)
		return DNS_MALFORMED;
	if (ns_msg_getflag(msg, ns_f_tc))
		return DNS_TRUNCATED;
	switch (ns_msg_getflag(msg, ns_f_rcode)) {
	case ns_r_noerror:
		return read_records(answer, type, &msg);
	case ns_r_formerr:
		return DNS_FORMERR;
	case ns_r_servfail:
		return DNS_SERVFAIL;
	case ns_r_nxdomain: /* of the last CNAME's target (RFC 6604) */
		read_records(answer, ns_t_cname, &msg);
		return DNS_NXDOMAIN;
	case ns_r_notimpl:
		return DNS_NOTIMP;
	case ns_r_refused:
		return DNS_REFUSED;
	default:
		return DNS_OTHER;
	}
}

enum dns_outcome dns_answer_read(struct dns_answer *answer, uint16_t type, const uint8_t *reply,
				 size_t size)
{
	enum dns_outcome outcome;

	forget(answer);
	outcome = read_reply(answer, type, reply, size);
	if (outcome != DNS_FOUND) /* nothing counts of an answer that is not whole */
		forget(answer);
	return outcome;
}

int dns_question_write(uint8_t question[static DNS_MAX_QUESTION], const char *name, uint16_t type,
		       bool edns)
{
	uint8_t *p = question + NS_HFIXEDSZ;
	int n = ns_name_compress(name, p, NS_MAXCDNAME, NULL, NULL);

	if (n < 0)
		return -EINVAL;
	p += n;
	memset(question, 0, NS_HFIXEDSZ);
	if (getrandom(question, 2, 0) != 2)
		return -errno;
	question[2] = 1;     /* recursion desired */
	question[5] = 1;     /* one question */
	question[11] = edns; /* one additional record */
	NS_PUT16(type, p);
	NS_PUT16(ns_c_in, p);
	if (edns) { /* OPT (RFC 6891, 6.1.2): the last 11 bytes, where c-ares can cut it off */
		*p++ = 0;
		NS_PUT16(ns_t_opt, p);
		NS_PUT16(DNS_EDNS_SIZE, p);
		NS_PUT32(0, p);
		NS_PUT16(0, p);
	}
	return (int)(p - question);
}
