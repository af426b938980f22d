// SPDX-License-Identifier: GPL-2.0-only
/* What is to be said beside each packet, by destination. */
#include "cmd/recording_said.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/recording.h"
#include "cmd/text.h"
#include "core/explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* With the interface 0: the worst of all interfaces, for what leaves. */
struct destination_key {
	struct addr address;
	uint32_t ifindex, pad;
};

struct line {
	struct destination_key key;
	bool judged, flagged, told;
	char text[256], ways[192];
	char *sentence; /* NULL: none, or out of memory */
	UT_hash_handle hh;
};

struct said {
	const struct engine *engine;
	struct line *lines;
	bool failed;
};

static struct line *find(const struct said *said, const struct addr *address, uint32_t ifindex)
{
	const struct destination_key key = {.address = *address, .ifindex = ifindex};
	struct line *line;

	HASH_FIND(hh, said->lines, &key, sizeof(key), line);
	return line;
}

static struct line *find_or_add(struct said *said, const struct addr *address, uint32_t ifindex)
{
	struct line *line = find(said, address, ifindex), *added = line;

	if (line)
		return line;
	line = calloc(1, sizeof(*line));
	if (line) {
		line->key = (struct destination_key){.address = *address, .ifindex = ifindex};
		HASH_ADD(hh, said->lines, key, sizeof(line->key), line);
		added = find(said, address, ifindex); /* that there was no memory is told so */
	}
	if (!added) {
		free(line);
		said->failed = true;
	}
	return added;
}

static void write_line(struct line *line, const struct finding *f)
{
	const char *verdict = verdict_name(f->judgement.verdict);
	size_t n = (size_t)snprintf(line->text, sizeof(line->text), "%s (%s)",
				    verdict ? verdict : "in order",
				    verdict_severity_name(f->judgement.severity));
	const char *between = ": ";

	for (int i = 0; i < CAUSES; i++) {
		if (!(f->judgement.causes & 1U << i) || n >= sizeof(line->text))
			continue;
		n += (size_t)snprintf(line->text + n, sizeof(line->text) - n, "%s%s", between,
				      verdict_cause_name(1U << i));
		between = ", ";
	}
}

static void write_ways(struct line *line, const struct finding *f)
{
	char to[ADDRESS_TEXT], back[ADDRESS_TEXT];
	int n;

	if (f->facts.path_known != FACT_YES || !f->called.count)
		return;
	n = snprintf(line->ways, sizeof(line->ways), " " RECORDING_WAY,
		     address_format(&f->address, to), verdict_path_name(f->facts.path));
	if (f->facts.return_route != FACT_UNKNOWN)
		n += snprintf(line->ways + n, sizeof(line->ways) - (size_t)n, RECORDING_WAY_BACK,
			      address_format(engine_sample(&f->called), back),
			      f->facts.return_route == FACT_YES ? RECORDING_THERE
								: RECORDING_MISSING);
	snprintf(line->ways + n, sizeof(line->ways) - (size_t)n, "]");
}

static void judge_line(struct line *line, const struct finding *f)
{
	struct explanation explanation;
	char safe[SAID_TEXT - sizeof(line->text) - sizeof(line->ways)];

	line->judged = true;
	line->flagged = f->judgement.severity != SEVERITY_OK;
	write_line(line, f);
	write_ways(line, f);
	if (!line->flagged)
		return;
	explain(f, &explanation);
	line->sentence = strdup(text_escape(explanation.sentence, safe, sizeof(safe)));
}

static bool has_packets(void *data, const struct finding *f)
{
	return find(data, &f->address, 0);
}

/* The worst are told first. */
static void hear_finding(void *data, const struct finding *f)
{
	struct line *worst = find(data, &f->address, 0), *line;

	if (!worst->judged)
		judge_line(worst, f);
	line = f->ifindex ? find_or_add(data, &f->address, f->ifindex) : NULL;
	if (line && !line->judged)
		judge_line(line, f);
}

int said_new(struct said **ret_said, const struct engine *engine, when_t now,
	     const struct packets *packets, const struct addr *only)
{
	cleanup(said_free) struct said *said = calloc(1, sizeof(*said));
	struct packets_cursor cursor = {0};
	const struct packet *packet;

	if (!said)
		return -ENOMEM;
	said->engine = engine;
	if (only)
		find_or_add(said, only, 0);
	while (!only && (packet = packets_next(packets, &cursor)))
		find_or_add(said, &packet->called, 0);
	judge_all(engine, now, 0, has_packets, hear_finding, said);
	if (said->failed)
		return -ENOMEM;
	*ret_said = take_ptr(said);
	return 0;
}

void said_free(struct said **said)
{
	struct line *line, *next;

	if (!*said)
		return;
	HASH_ITER (hh, (*said)->lines, line, next) {
		HASH_DEL((*said)->lines, line);
		free(line->sentence);
		free(line);
	}
	free(*said);
	*said = NULL;
}

/* What leaves may do so by any interface: the worst of them all counts. */
static struct line *line_of(const struct said *said, const struct packet *packet)
{
	struct line *line =
		packet->hook == PACKET_IN ? find(said, &packet->called, packet->ifindex) : NULL;

	return line ? line : find(said, &packet->called, 0);
}

bool said_is_flagged(const struct said *said, const struct packet *packet)
{
	const struct line *line = line_of(said, packet);

	return line && line->flagged;
}

static void say_fate(const struct said *said, const struct packet *packet, char *text, size_t size)
{
	const char *reason = reasons_name(&said->engine->reasons, packet->reason);

	*text = '\0';
	if (packet->dropped && reason)
		snprintf(text, size, "; " RECORDING_DROPPED "%s", reason);
	else if (packet->dropped)
		snprintf(text, size, "; " RECORDING_DROPPED "reason %u", packet->reason);
	else if (packet->kind == PKT_SYN && packet->hook == PACKET_OUT)
		snprintf(text, size, "; sent back by the interface it came in by");
}

const char *said_comment(struct said *said, const struct packet *packet,
			 char ret_text[static SAID_TEXT])
{
	struct line *line = line_of(said, packet);
	const bool first = line && !line->told;
	const char *sentence = first ? line->sentence : NULL;
	char fate[96], safe[sizeof(fate) * 2];

	say_fate(said, packet, fate, sizeof(fate));
	snprintf(ret_text, SAID_TEXT, "%s%s%s%s%s",
		 line && line->judged ? line->text : "not judged",
		 text_escape(fate, safe, sizeof(safe)), sentence ? ". " : "",
		 sentence ? sentence : "", first ? line->ways : "");
	if (line)
		line->told = true;
	return ret_text;
}
