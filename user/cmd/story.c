// SPDX-License-Identifier: GPL-2.0-only
/* The story of one incident, in words. */
#include "cmd/story.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/report_json.h"
#include "cmd/text.h"

#include <inttypes.h>
#include <string.h>

static const char *cause_words(enum cause cause)
{
	switch (cause) {
	case CAUSE_ADDRESS_MISSING:
		return "no interface of this host has the address";
	case CAUSE_ADDRESS_TENTATIVE:
		return "the address is still being checked for a duplicate";
	case CAUSE_ADDRESS_DADFAILED:
		return "another host on the link has the same address";
	case CAUSE_LINK_DOWN:
		return "the interface with the address is down";
	case CAUSE_NO_RETURN_ROUTE:
		return "there is no route back to the clients";
	case CAUSE_NO_DEFAULT_ROUTE:
		return "there is no default route for answers";
	case CAUSE_HAIRPIN:
		return "this host sends the calls back to the router they came from";
	case CAUSE_BLACKHOLE_ROUTE:
		return "a route that somebody set discards the calls";
	case CAUSE_FILTERED:
		return "a firewall drops the calls";
	case CAUSE_BACKLOG_FULL:
		return "the queue of the listening program is full";
	case CAUSE_NOT_ROUTED_HERE:
		return "the address is only asked for on the link: it is not routed to this host";
	case CAUSE_NAME_STALE:
		return "the name's own servers no longer have the address, resolvers still do";
	default:
		return "unknown";
	}
}

static void add_causes(struct sheet *s, const struct incident *in)
{
	const char *head = "cause";

	for (unsigned i = 0; i < CAUSES; i++) {
		if (!(in->causes & 1U << i))
			continue;
		sheet_row(s, head, cause_words(1U << i));
		head = "";
	}
}

/* How long real clients suffered. */
static void add_suffering(struct sheet *s, const struct incident *in)
{
	char text[SHEET_TEXT], from[TEXT_TIME], to[TEXT_TIME], span[TEXT_SPAN];

	if (!in->first_client) {
		sheet_row(s, "clients", "none was seen to wait");
		return;
	}
	sheet_row(s, "clients",
		  sheet_format(text, "%" PRIu64 " waited, from %s to %s (%s)", in->tally.clients,
			       text_clock(in->first_client, from), text_clock(in->last_client, to),
			       text_span(in->last_client > in->first_client
						 ? in->last_client - in->first_client
						 : 0,
					 span)));
}

static void add_counts(struct sheet *s, const struct incident *in)
{
	const struct incident_tally *t = &in->tally;
	char text[SHEET_TEXT];

	sheet_row(s, "failed",
		  sheet_format(text, "about %" PRIu64 " connection%s (an estimate)",
			       incident_failed(in), incident_failed(in) == 1 ? "" : "s"));
	sheet_row(s, "SYNs",
		  sheet_format(text,
			       "%" PRIu64 " in all; of those that were looked at one by one, "
			       "%" PRIu64 " began an attempt, %" PRIu64 " repeated one%s",
			       t->syns, t->attempts, t->retransmits,
			       t->looped ? ", the others were copies of a loop" : ""));
	sheet_row(s, "answers", sheet_format(text, "%" PRIu64, t->answers));
	if (t->asked)
		sheet_row(s, "asked for",
			  sheet_format(text, "%" PRIu64 " times on the link", t->asked));
}

static void add_times(struct sheet *s, const struct incident *in, when_t now)
{
	char text[SHEET_TEXT], clock[TEXT_TIME], span[TEXT_SPAN];

	sheet_row(s, "opened", sheet_format(text, "%s UTC", text_clock(in->opened, clock)));
	if (in->closed)
		sheet_row(s, "closed", sheet_format(text, "%s UTC", text_clock(in->closed, clock)));
	sheet_row(s, in->closed ? "lasted" : "lasts", text_span(story_lasted(in, now), span));
	if (in->reopened)
		sheet_row(s, "opened again", sheet_format(text, "%u times", in->reopened));
	if (in->first)
		sheet_row(s, "first SYN",
			  sheet_format(text, "%s UTC", text_clock(in->first, clock)));
	if (in->last)
		sheet_row(s, "last SYN", sheet_format(text, "%s UTC", text_clock(in->last, clock)));
}

static struct sheet *summary(const struct stored *stored, when_t now)
{
	const struct incident *in = &stored->incident;
	struct sheet *s =
		sheet_new("SUMMARY", (struct sheet_column[]){{"", 0}, {"", 0}, {NULL, 0}});
	char text[SHEET_TEXT], address[ADDRESS_TEXT], names[STORY_NAMES];
	char verdicts[STORY_VERDICTS];

	if (!s)
		return NULL;
	sheet_row(s, "state", story_end_words(in->end));
	sheet_row(s, "address",
		  sheet_format(text, "%s%s%s", address_format(&in->address, address),
			       in->interface[0] ? " by " : "", in->interface));
	sheet_row(s, "published as", story_names(in, names));
	sheet_row(s, "verdict",
		  sheet_format(text, "%s (%s)", story_verdicts(in, verdicts),
			       verdict_severity_name(in->severity)));
	add_causes(s, in);
	add_times(s, in, now);
	add_suffering(s, in);
	add_counts(s, in);
	return s;
}

static struct sheet *events(const struct stored *stored, when_t now)
{
	const struct incident *in = &stored->incident;
	struct sheet *s = sheet_new("TIMELINE (UTC)",
				    (struct sheet_column[]){{"", 0}, {"", 0}, {"", 0}, {NULL, 0}});
	char clock[TEXT_TIME];

	for (size_t i = 0; s && i < in->event_count; i++) {
		const struct incident_event *e = &in->events[i];

		sheet_row(s, text_clock(e->at, clock), story_event_words(e->kind), e->text);
	}
	if (s && in->more_events)
		sheet_note(s, "%" PRIu64 " more found no room before the last of these.",
			   in->more_events);
	return s;
}

static const char *listener_words(enum fact listener)
{
	return listener == FACT_YES ? "yes" : listener == FACT_NO ? "no" : "not known";
}

static struct sheet *ports(const struct stored *stored, when_t now)
{
	const struct incident_tally *t = &stored->incident.tally;
	struct sheet *s = sheet_new("PORTS", (struct sheet_column[]){{"port", 1},
								     {"service", 0},
								     {"SYNs", 1},
								     {"attempts", 1},
								     {"repeats", 1},
								     {"answers", 1},
								     {"listener", 0},
								     {NULL, 0}});
	char texts[5][SHEET_TEXT];

	for (size_t i = 0; s && i < t->port_count; i++) {
		const struct incident_port *p = &t->ports[i];

		sheet_row(s, p->port ? sheet_format(texts[0], "%u", p->port) : "other",
			  text_service(p->port), sheet_format(texts[1], "%" PRIu64, p->syns),
			  sheet_format(texts[2], "%" PRIu64, p->attempts),
			  sheet_format(texts[3], "%" PRIu64, p->retransmits),
			  sheet_format(texts[4], "%" PRIu64, p->answers),
			  listener_words(p->listener));
	}
	if (s && t->more_ports)
		sheet_note(s, "%" PRIu64 " more SYNs went to further ports.", t->more_ports);
	return s;
}

static struct sheet *sources(const struct stored *stored, when_t now)
{
	const struct incident_tally *t = &stored->incident.tally;
	struct sheet *s = sheet_new(
		"WHO CALLED",
		(struct sheet_column[]){{"source", 0}, {"kind", 0}, {"SYNs", 1}, {NULL, 0}});
	char address[ADDRESS_TEXT], text[SHEET_TEXT];

	for (size_t i = 0; s && i < t->source_count; i++) {
		const struct flow_source *f = &t->sources[i];

		sheet_row(s, address_format(&f->address, address), json_source_kind(f->kind),
			  sheet_format(text, "%" PRIu64, f->syns));
	}
	if (s && t->more_sources)
		sheet_note(s, "%" PRIu64 " more SYNs came from further sources.", t->more_sources);
	return s;
}

struct network {
	struct addr prefix;
	uint64_t sources, clients, syns;
};

/* By the prefixes that are handed out to one site: /24 and /48. */
static size_t gather_networks(const struct incident_tally *t,
			      struct network ret_list[static INCIDENT_SOURCES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < t->source_count; i++) {
		const struct flow_source *f = &t->sources[i];
		struct addr prefix =
			address_masked(&f->address, address_is_v4(&f->address) ? 96 + 24 : 48);
		size_t k = 0;

		while (k < count && !address_equal(&ret_list[k].prefix, &prefix))
			k++;
		if (k == count)
			ret_list[count++] = (struct network){.prefix = prefix};
		ret_list[k].sources++;
		ret_list[k].clients += f->kind != SOURCE_SCANNER;
		ret_list[k].syns += f->syns;
	}
	return count;
}

static struct sheet *networks(const struct stored *stored, when_t now)
{
	struct sheet *s = sheet_new(
		"FROM WHICH NETWORKS",
		(struct sheet_column[]){
			{"network", 0}, {"sources", 1}, {"clients", 1}, {"SYNs", 1}, {NULL, 0}});
	struct network list[INCIDENT_SOURCES_MAX];
	size_t count = gather_networks(&stored->incident.tally, list);
	char address[ADDRESS_TEXT], texts[4][SHEET_TEXT];

	for (size_t i = 0; s && i < count; i++)
		sheet_row(s,
			  sheet_format(texts[0], "%s/%d", address_format(&list[i].prefix, address),
				       address_is_v4(&list[i].prefix) ? 24 : 48),
			  sheet_format(texts[1], "%" PRIu64, list[i].sources),
			  sheet_format(texts[2], "%" PRIu64, list[i].clients),
			  sheet_format(texts[3], "%" PRIu64, list[i].syns));
	return s;
}

static struct sheet *schedule(const struct stored *stored, when_t now)
{
	const struct flow_schedule *f = &stored->incident.schedule;
	struct sheet *s = sheet_new("HOW A TYPICAL CLIENT TRIED",
				    (struct sheet_column[]){{"try", 1}, {"after", 1}, {NULL, 0}});
	char address[ADDRESS_TEXT], first[TEXT_TIME], try[SHEET_TEXT], after[SHEET_TEXT];

	for (size_t i = 0; s && i < f->count; i++)
		sheet_row(s, sheet_format(try, "%zu", i + 1),
			  sheet_format(after, "%.1f s",
				       f->times[i] > f->times[0]
					       ? (double)(f->times[i] - f->times[0]) / 1e9
					       : 0.0));
	if (s && f->count)
		sheet_note(s, "This was %s at %s UTC.", address_format(&f->source, address),
			   text_clock(f->times[0], first));
	return s;
}

static struct sheet *drops(const struct stored *stored, when_t now)
{
	const struct incident_tally *t = &stored->incident.tally;
	struct sheet *s = sheet_new("WHY THE KERNEL DROPPED THEM",
				    (struct sheet_column[]){{"reason", 0}, {"SYNs", 1}, {NULL, 0}});
	char text[SHEET_TEXT];

	for (size_t i = 0; s && i < t->drop_count; i++)
		sheet_row(s, t->drops[i].reason[0] ? t->drops[i].reason : "without a name",
			  sheet_format(text, "%" PRIu64, t->drops[i].count));
	return s;
}

static struct sheet *packets(const struct stored *stored, when_t now)
{
	struct sheet *s = sheet_new("PACKETS, FOR WIRESHARK OR REPLAY",
				    (struct sheet_column[]){{"file", 0}, {"bytes", 1}, {NULL, 0}});
	char text[SHEET_TEXT];
	const json_t *file;
	size_t i;

	json_array_foreach(s ? stored->evidence : NULL, i, file)
		sheet_row(s, json_string_value(json_object_get(file, "file")),
			  sheet_format(text, "%" JSON_INTEGER_FORMAT,
				       json_integer_value(json_object_get(file, "bytes"))));
	return s;
}

static struct sheet *opening(const struct stored *stored, when_t now)
{
	return story_host("THIS HOST AT THE OPENING", stored->opening);
}

static struct sheet *ending(const struct stored *stored, when_t now)
{
	return story_host("THIS HOST AT THE CLOSE", stored->close);
}

struct sheet *story_part(const struct stored *stored, when_t now, size_t i)
{
	static struct sheet *(*const parts[STORY_PARTS])(const struct stored *, when_t) = {
		summary,  events, ports,   sources, networks,
		schedule, drops,  packets, opening, ending,
	};
	cleanup(sheet_free) struct sheet *s = parts[i](stored, now);

	return s && s->row_count ? take_ptr(s) : NULL;
}
