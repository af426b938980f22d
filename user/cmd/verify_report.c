// SPDX-License-Identifier: GPL-2.0-only
/* What verify has found, in words or as JSON, and the exit status that it makes. */
#include "base/address.h"
#include "cmd/report_json.h"
#include "cmd/text.h"
#include "cmd/verify.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

static const char *mark(enum check_state state)
{
	static const char *const marks[] = {
		[CHECK_OK] = "ok",	     [CHECK_NOTE] = "-",
		[CHECK_WAITS] = "...",	     [CHECK_WARNING] = "NOT OK",
		[CHECK_UNKNOWN] = "UNKNOWN", [CHECK_CRITICAL] = "NOT OK",
	};

	return marks[state];
}

static enum severity severity_of(enum check_state state)
{
	return state == CHECK_CRITICAL	? SEVERITY_CRITICAL
	       : state == CHECK_WARNING ? SEVERITY_WARNING
	       : state == CHECK_UNKNOWN ? SEVERITY_UNKNOWN
					: SEVERITY_OK;
}

static void print_line(const struct check_line *line)
{
	char safe[2 * CHECKLIST_WORDS];

	printf("  %s%-7s%s %-14s %s\n", text_colour(stdout, severity_of(line->state)),
	       mark(line->state), text_plain(stdout), checklist_step_words(line->step),
	       text_escape(line->words, safe, sizeof(safe)));
}

/* "default route, port 993: answered" of what is not in order; returns whether there is any. */
static bool print_faults(const struct checklist *list)
{
	unsigned told = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct check_line *line = &list->lines[i];
		bool fault = severity_of(line->state) != SEVERITY_OK;

		if (!fault || told & 1U << line->step)
			continue;
		printf("%s%s", told ? ", " : "", checklist_step_words(line->step));
		told |= 1U << line->step;
	}
	return told;
}

static void print_target(const struct verify_target *t)
{
	char address[ADDRESS_TEXT], inside[ADDRESS_TEXT];
	bool translated = !address_equal(&t->published, &t->address);

	printf("%s%s%s (%s)\n", address_format(&t->published, address),
	       translated ? ", which arrives as " : "",
	       translated ? address_format(&t->address, inside) : "",
	       address_family_name(&t->published));
	if (t->elsewhere)
		printf("  -       it belongs to another host (--elsewhere)\n");
	for (size_t i = 0; i < t->list.count; i++)
		print_line(&t->list.lines[i]);
}

static void print_sum(const struct verify_target *t)
{
	char address[ADDRESS_TEXT];

	if (t->elsewhere)
		return;
	printf("%s %s: ", address_family_name(&t->published),
	       address_format(&t->published, address));
	if (t->list.worst == SEVERITY_OK)
		printf("in order\n");
	else {
		printf(t->list.worst == SEVERITY_UNKNOWN ? "not known to be in order: "
							 : "NOT in order: ");
		print_faults(&t->list);
		printf("\n");
	}
}

static void print_names(const struct session *s)
{
	const struct published_name *n;
	char name[1024], error[1024];

	for (size_t i = 0; (n = published_name(s->engine->published, i)); i++)
		if (n->status != NAME_OK)
			printf("%s could not be looked up: %s\n",
			       text_escape(n->name, name, sizeof(name)),
			       text_escape(n->error ? n->error : "no address", error,
					   sizeof(error)));
}

static void print_text(const struct verify *v)
{
	char name[1024];

	if (v->name)
		printf("%s\n\n", text_escape(v->name, name, sizeof(name)));
	for (size_t i = 0; i < v->target_count; i++) {
		print_target(&v->targets[i]);
		printf("\n");
	}
	print_names(v->session);
	for (size_t i = 0; i < v->target_count; i++)
		print_sum(&v->targets[i]);
}

static json_t *line_json(const struct check_line *line)
{
	return json_pack("{ss ss so so}", "step", checklist_step_name(line->step), "state",
			 checklist_state_name(line->state), "port",
			 line->port ? json_count(line->port) : json_null(), "sentence",
			 json_text(line->words));
}

static json_t *target_json(const struct verify_target *t)
{
	json_t *steps = json_array();

	for (size_t i = 0; i < t->list.count; i++)
		json_array_append_new(steps, line_json(&t->list.lines[i]));
	return json_pack("{so so ss ss sb so so}", "address", json_address(&t->published), "inside",
			 json_address(&t->address), "family", address_family_name(&t->published),
			 "status", verdict_severity_name(t->list.worst), "elsewhere", t->elsewhere,
			 "steps", steps, "standing",
			 t->has_standing ? standing_json(&t->standing) : json_null());
}

static void print_json(const struct verify *v, enum severity worst)
{
	const struct session *s = v->session;
	json_t *targets = json_array(), *o;
	struct utsname host;

	uname(&host);
	for (size_t i = 0; i < v->target_count; i++)
		json_array_append_new(targets, target_json(&v->targets[i]));
	o = json_pack("{ss ss ss so so so so ss so so so}", "schema", "synhole/1", "kind", "verify",
		      "version", SYNHOLE_VERSION, "host", json_text(host.nodename), "kernel",
		      json_text(host.release), "started", json_time(s->started), "seconds",
		      json_real((double)(session_now() - s->started) / 1e9), "status",
		      verdict_severity_name(worst), "name", json_text(v->name), "addresses",
		      targets, "names", report_json_names(s));
	json_dumpf(o, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(o);
}

enum severity verify_worst(const struct verify *v)
{
	const struct published_name *n;
	enum severity worst = SEVERITY_OK;

	for (size_t i = 0; i < v->target_count; i++)
		if (v->targets[i].list.worst > worst)
			worst = v->targets[i].list.worst;
	for (size_t i = 0; (n = published_name(v->session->engine->published, i)); i++)
		if (n->status != NAME_OK && worst < SEVERITY_UNKNOWN)
			worst = SEVERITY_UNKNOWN;
	if (v->session->trouble && worst < SEVERITY_UNKNOWN)
		worst = SEVERITY_UNKNOWN;
	return worst;
}

int verify_report(const struct verify *v)
{
	enum severity worst = verify_worst(v);

	if (v->session->options->json)
		print_json(v, worst);
	else
		print_text(v);
	return report_exit_status(worst);
}
