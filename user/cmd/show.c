// SPDX-License-Identifier: GPL-2.0-only
/* synhole show: all that the store keeps of one incident. */
#include "base/cleanup.h"
#include "cmd/commands.h"
#include "cmd/incident_json.h"
#include "cmd/report_json.h"
#include "cmd/story.h"
#include "cmd/text.h"

#include <inttypes.h>
#include <stdio.h>

static json_t *minutes(const struct stored *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->minute_count; i++)
		json_array_append_new(list,
				      json_pack("{so so so}", "at", json_time(s->minutes[i].at),
						"syns", json_count(s->minutes[i].syns), "answers",
						json_count(s->minutes[i].answers)));
	return list;
}

static void print_json(const struct stored *s)
{
	json_t *o = json_pack("{ss ss ss}", "schema", "synhole/1", "kind", "incident", "version",
			      SYNHOLE_VERSION);
	json_t *members = incident_json(&s->incident);

	json_object_update(o, members);
	json_object_set_new(o, "minutes", minutes(s));
	json_object_set(o, "opening", s->opening ? s->opening : json_null());
	json_object_set(o, "close", s->close ? s->close : json_null());
	json_object_set(o, "evidence", s->evidence ? s->evidence : json_null());
	json_dumpf(o, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(members);
	json_decref(o);
}

static void print_text(const struct stored *stored, when_t now)
{
	const struct incident *in = &stored->incident;
	char safe[4096];

	printf("Incident %" PRIu64 "\n", in->id);
	if (in->explanation.sentence[0])
		printf("\n  %s\n", text_escape(in->explanation.sentence, safe, sizeof(safe)));
	for (size_t i = 0; i < in->explanation.fixes; i++)
		printf("  %s %s\n", i ? "     " : "mend:",
		       text_escape(in->explanation.fix[i], safe, sizeof(safe)));
	for (size_t i = 0; i < STORY_PARTS; i++) {
		cleanup(sheet_free) struct sheet *part = story_part(stored, now, i);

		if (!part)
			continue;
		putchar('\n');
		sheet_print(part, stdout);
	}
}

static int run(const struct options *options)
{
	cleanup(store_close) struct store *store = NULL;
	cleanup(stored_free) struct stored *stored = NULL;
	struct failure failure = {0};
	uint64_t id = 0;
	int r = stored_read_id(options->words[0], &id, &failure);

	r = r < 0 ? r : stored_open(&store, options, &failure);
	r = r < 0 ? r : stored_get(store, id, &stored, &failure);
	if (r < 0) {
		text_complain("%s", failure.text);
		return EXIT_UNKNOWN;
	}
	if (options->json)
		print_json(stored);
	else
		print_text(stored, stored_until(store));
	return EXIT_OK;
}

const struct command command_show = {
	.name = "show",
	.summary = "show one incident: what happened when, who called, what mends it",
	.about = "Shows all that the daemon has kept of one incident: what is wrong and what\n"
		 "mends it, its timeline, the ports, the sources, how a typical client tried, why\n"
		 "the kernel dropped its SYNs, and what this host was like when it opened and\n"
		 "closed. \"synhole incidents\" lists the numbers.",
	.examples = "  synhole show 7\n  synhole show 7 --json | jq .events\n",
	.words = "ID",
	.words_min = 1,
	.words_max = 1,
	.takes = TAKES(OPT_CONFIG) | TAKES(OPT_STORE) | TAKES(OPT_JSON) | TAKES(OPT_HELP) |
		 TAKES(OPT_VERSION),
	.run = run,
};
