// SPDX-License-Identifier: GPL-2.0-only
/* Questions to DNS one at a time, and a memory of their answers. */
#include "cmd/session_records.h"
#include "base/cleanup.h"
#include "cmd/session_parts.h"
#include "io/resolver.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static void keep_addresses(struct session_records *r, const struct dns_answer *answer)
{
	r->addresses = calloc(answer->n_records, sizeof(*r->addresses));
	for (; r->addresses && r->count < answer->n_records; r->count++)
		r->addresses[r->count] = answer->records[r->count].address;
}

static void keep_texts(struct session_records *r, const struct dns_answer *answer)
{
	r->texts = calloc(answer->n_targets, sizeof(*r->texts));
	for (; r->texts && r->count < answer->n_targets; r->count++) {
		r->texts[r->count] = strdup(answer->targets[r->count]);
		if (!r->texts[r->count])
			return;
	}
}

static void hear(void *data, enum name_status status, const struct dns_answer *answer)
{
	struct session_records *r = data;

	r->heard = true;
	r->status = status;
	if (status != NAME_OK)
		return;
	if (answer->n_records)
		keep_addresses(r, answer);
	else
		keep_texts(r, answer);
	if (!r->count)
		r->status = NAME_SERVFAIL; /* no memory for what was found */
}

static struct session_records *ask(struct session *s, uint16_t type, const char *name)
{
	struct session_records *r = calloc(1, sizeof(*r) + strlen(name) + 1);
	struct failure failure;
	int e;

	if (!r)
		return NULL;
	r->type = type;
	strcpy(r->name, name);
	e = session_open_resolver(s, &failure);
	if (e == 0)
		e = resolver_ask_records(s->resolver, type, name, hear, r, &failure);
	r->heard = e < 0;
	r->status = e == -EINVAL ? NAME_NXDOMAIN : NAME_SERVFAIL;
	r->next = s->records;
	s->records = r;
	return r;
}

const struct session_records *session_records(struct session *s, uint16_t type, const char *name)
{
	struct session_records *r = s->records;

	while (r && (r->type != type || strcasecmp(r->name, name) != 0))
		r = r->next;
	if (!r)
		r = ask(s, type, name);
	while (r && !r->heard && !s->interrupted)
		if (sd_event_run(s->loop, UINT64_MAX) < 0)
			break;
	return r;
}

/* What is still under way would be told to memory that is gone: it stays. */
void session_forget_records(struct session *s)
{
	struct session_records **at = &s->records, *r;

	while ((r = *at)) {
		if (!r->heard && s->resolver) {
			at = &r->next;
			continue;
		}
		*at = r->next;
		for (size_t i = 0; r->texts && i < r->count; i++)
			free(r->texts[i]);
		free(r->texts);
		free(r->addresses);
		free(r);
	}
}
