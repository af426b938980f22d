// SPDX-License-Identifier: GPL-2.0-only
/* Asking DNS: for the names that were given, and for those of strays. */
#include "base/address.h"
#include "cmd/session_parts.h"
#include "cmd/text.h"
#include "core/judge.h"
#include "io/resolver.h"

#include <string.h>

#define VIA_PTR "ptr" /* how the resolver marks what an address says of itself */

static bool is_kept_stray(const struct session *s, const struct addr *a)
{
	for (size_t i = 0; i < s->stray_count; i++)
		if (address_equal(&s->strays[i], a))
			return true;
	return false;
}

/* An address may claim any name: only a name that points back to it counts, and only for it. Other
 * addresses of that name are none of this host's business, and a failure is no failure. */
static void hear_name_of_stray(struct session *s, const struct input *in)
{
	struct record confirmed[SESSION_STRAYS_MAX];
	struct input input = *in;
	size_t n = 0;

	for (size_t i = 0; i < in->name.count && n < SESSION_STRAYS_MAX; i++)
		if (is_kept_stray(s, &in->name.records[i].address))
			confirmed[n++] = in->name.records[i];
	if (!n || published_named(s->engine->published, in->name.name))
		return;
	input.name.records = confirmed;
	input.name.count = n;
	input.name.status = NAME_OK;
	input.name.error = NULL;
	s->outdated |= engine_feed(s->engine, &input);
}

bool session_hear_name_of_stray(struct session *s, const struct input *in)
{
	if (in->kind != INPUT_NAME || !in->name.via || strcmp(in->name.via, VIA_PTR) != 0)
		return false;
	hear_name_of_stray(s, in);
	return true;
}

int session_open_resolver(struct session *s, struct failure *failure)
{
	const struct options *o = s->options;

	return s->resolver ? 0
			   : resolver_new(&s->resolver, s->loop, o->dns, o->dns_count, session_hear,
					  s, failure);
}

int session_ask(struct session *s, struct failure *failure)
{
	const struct options *o = s->options;
	int r;

	if (o->no_dns || !o->question_count)
		return 0;
	r = session_open_resolver(s, failure);
	for (size_t i = 0; r == 0 && i < o->question_count; i++)
		r = resolver_ask(s->resolver, o->questions[i].kind, o->questions[i].name, failure);
	return r;
}

int session_wait_for_names(struct session *s)
{
	int r = 0;

	s->done = false;
	while (r >= 0 && !s->done && s->resolver && resolver_pending(s->resolver))
		r = sd_event_run(s->loop, UINT64_MAX);
	if (s->resolver && resolver_pending(s->resolver)) {
		s->trouble = true;
		text_complain("interrupted before DNS had answered for all names");
	}
	return r < 0 ? r : 0;
}

static bool is_stray(void *data, const struct finding *f)
{
	return f->judgement.verdict == VERDICT_STRAY;
}

static void keep_stray(void *data, const struct finding *f)
{
	struct session *s = data;

	if (!is_kept_stray(s, &f->address)) /* by another interface */
		s->strays[s->stray_count++] = f->address;
}

static int ask_reverse(struct session *s, const struct addr *a, struct failure *failure)
{
	char name[ADDRESS_REVERSE];
	int r = session_open_resolver(s, failure);

	return r < 0 ? r
		     : resolver_ask(s->resolver, RESOLVE_PTR, address_reverse(a, name), failure);
}

int session_ask_reverse(struct session *s, const struct addr *a, struct failure *failure)
{
	if (s->options->no_dns || s->options->no_ptr || is_kept_stray(s, a))
		return 0;
	if (s->stray_count == SESSION_STRAYS_MAX)
		s->stray_count = 0;
	s->strays[s->stray_count++] = *a;
	return ask_reverse(s, a, failure);
}

void session_ask_back(struct session *s)
{
	struct failure failure;
	int r = 0;

	if (s->options->no_dns || s->options->no_ptr)
		return;
	judge_all(s->engine, s->ended, SESSION_STRAYS_MAX, is_stray, keep_stray, s);
	for (size_t i = 0; r == 0 && i < s->stray_count; i++)
		r = ask_reverse(s, &s->strays[i], &failure);
	if (r < 0)
		text_complain("%s", failure.text);
	session_wait_for_names(s);
}
