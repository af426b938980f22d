// SPDX-License-Identifier: GPL-2.0-only
/* What a daemon said of itself, for people. It comes over a socket: nothing in it is relied on. */
#include "cmd/status_text.h"

#include "base/plural.h"
#include "cmd/options.h"
#include "cmd/text.h"

#include <string.h>

#define ROOM 2048

/* ---- members, printable; an absent one is "-" or 0 */

static const char *word(const json_t *o, const char *key, char safe[static ROOM])
{
	const char *text = json_string_value(json_object_get(o, key));

	return text_escape(text ? text : "-", safe, ROOM);
}

static json_int_t number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static bool has(const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	return value && !json_is_null(value);
}

static enum severity severity(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	for (int s = SEVERITY_OK; s <= SEVERITY_CRITICAL; s++)
		if (text && strcmp(text, verdict_severity_name((enum severity)s)) == 0)
			return (enum severity)s;
	return SEVERITY_UNKNOWN;
}

/* ---- sections */

/* "3 days, 2 hours": the two largest units. */
static void write_duration(FILE *out, double seconds)
{
	static const struct {
		const char *name;
		unsigned seconds;
	} units[] = {{"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}};
	uint64_t left = seconds > 0 && seconds < 1e12 ? (uint64_t)seconds : 0;
	int told = 0;

	for (size_t i = 0; i < sizeof(units) / sizeof(*units) && told < 2; i++) {
		uint64_t n = left / units[i].seconds;

		left %= units[i].seconds;
		if (!n && (!told || i + 1 < sizeof(units) / sizeof(*units)))
			continue;
		if (n)
			fprintf(out, "%s%llu %s%s", told ? ", " : "", (unsigned long long)n,
				units[i].name, plural((json_int_t)n));
		told++;
	}
	if (!told)
		fputs("no time", out);
}

static void write_head(FILE *out, const json_t *d)
{
	char version[ROOM], host[ROOM], started[ROOM];

	fprintf(out, "synhole %s on %s has watched for ", word(d, "version", version),
		word(d, "host", host));
	write_duration(out, json_number_value(json_object_get(d, "seconds")));
	fprintf(out, ", since %s.\n", word(d, "started", started));
}

static void write_interface(FILE *out, const json_t *f)
{
	char name[ROOM], hook[ROOM], error[ROOM];

	if (!has(f, "hook")) {
		fprintf(out, "%s is not watched: %s\n", word(f, "name", name),
			word(f, "error", error));
		return;
	}
	fprintf(out, "%s by %s: %lld frame%s, %lld SYN%s, %lld not parsed%s%s\n",
		word(f, "name", name), word(f, "hook", hook), number(f, "frames"),
		plural(number(f, "frames")), number(f, "syns"), plural(number(f, "syns")),
		number(f, "unparsed"), has(f, "error") ? "; " : "",
		has(f, "error") ? word(f, "error", error) : "");
}

static void write_mend(FILE *out, const json_t *o)
{
	char safe[ROOM];
	const json_t *line;
	size_t i;

	fprintf(out, "  %s\n", word(o, "sentence", safe));
	json_array_foreach(json_object_get(o, "fix"), i, line)
	{
		const char *text = json_string_value(line);

		if (text)
			fprintf(out, "  %s %s\n",
				i ? "     " : "mend:", text_escape(text, safe, sizeof(safe)));
	}
}

static void write_verdict(FILE *out, const json_t *o)
{
	char verdict[ROOM], address[ROOM];

	fprintf(out, "%s%s%s %s", text_colour(out, severity(o, "severity")),
		word(o, "verdict", verdict), text_plain(out), word(o, "address", address));
}

static void write_incidents(FILE *out, const json_t *incidents)
{
	char opened[ROOM];
	const json_t *o;
	size_t i;

	if (!json_array_size(incidents)) {
		fputs("\nNo incident is open.\n", out);
		return;
	}
	fputs("\nOPEN INCIDENTS\n", out);
	json_array_foreach(incidents, i, o)
	{
		fprintf(out, "%lld: ", number(o, "id"));
		write_verdict(out, o);
		fprintf(out, " since %s: %lld SYN%s, %lld client%s\n", word(o, "opened", opened),
			number(o, "syns"), plural(number(o, "syns")), number(o, "clients"),
			plural(number(o, "clients")));
		write_mend(out, o);
	}
}

static bool is_incident(const json_t *incidents, const json_t *destination)
{
	const char *address = json_string_value(json_object_get(destination, "address"));
	const json_t *o;
	size_t i;

	json_array_foreach(incidents, i, o)
	{
		const char *other = json_string_value(json_object_get(o, "address"));

		if (address && other && strcmp(address, other) == 0)
			return true;
	}
	return false;
}

static void write_destinations(FILE *out, const json_t *d)
{
	const json_t *incidents = json_object_get(d, "incidents"), *o;
	bool told = false;
	size_t i;

	json_array_foreach(json_object_get(d, "destinations"), i, o)
	{
		if (is_incident(incidents, o))
			continue;
		if (!told)
			fputs("\nNOT IN ORDER\n", out);
		told = true;
		write_verdict(out, o);
		fputs("\n", out);
		write_mend(out, o);
	}
	if (number(d, "more_destinations"))
		fprintf(out, "%lld more that are not in order.\n", number(d, "more_destinations"));
}

static const char *standing(const json_t *record, char safe[static ROOM])
{
	char owned[ROOM];

	if (has(record, "verdict"))
		return word(record, "verdict", safe);
	return strcmp(word(record, "owned", owned), "yes") == 0 ? "owned" : "elsewhere";
}

static void write_name(FILE *out, const json_t *n)
{
	char safe[ROOM], address[ROOM], verdict[ROOM];
	const json_t *r;
	size_t i;

	fputs(word(n, "name", safe), out);
	if (has(n, "via"))
		fprintf(out, " (%s)", word(n, "via", safe));
	if (strcmp(word(n, "status", safe), "ok") != 0)
		fprintf(out, ": %s", safe);
	if (has(n, "error"))
		fprintf(out, ", %s", word(n, "error", safe));
	if (has(n, "answered"))
		fprintf(out, ", asked at %s", word(n, "answered", safe));
	fputs("\n", out);
	json_array_foreach(json_object_get(n, "records"), i, r)
	{
		fprintf(out, "  %-4s %-39s %s\n", word(r, "type", safe),
			word(r, "address", address), standing(r, verdict));
	}
}

static void write_losses(FILE *out, const json_t *d)
{
	static const struct {
		const char *in, *key, *words;
	} losses[] = {
		{"counts", "unattributed", "SYNs counted, but for no destination"},
		{"counts", "events_lost", "SYNs counted, but not seen one by one"},
		{"losses", "entries_left_out", "entries that found no room in memory"},
		{"losses", "incidents_dropped", "incidents that found no room"},
		{"losses", "netlink_resyncs",
		 "times that changes came too fast: all was read anew"},
		{"losses", "store_errors", "failures to write to the store"},
		{"losses", "alerts_failed", "failures to tell an Alertmanager"},
		{"losses", "alerts_dropped", "alerts that found no room"},
		{"losses", "hooks_failed", "runs of the program of \"exec\" that failed"},
		{"losses", "hooks_dropped", "runs of the program of \"exec\" left out"},
	};
	bool told = false;

	for (size_t i = 0; i < sizeof(losses) / sizeof(*losses); i++) {
		json_int_t n = number(json_object_get(d, losses[i].in), losses[i].key);

		if (!n)
			continue;
		fprintf(out, "%s%lld %s\n", told ? "" : "\nLOSSES\n", n, losses[i].words);
		told = true;
	}
}

/* ---- the whole */

bool status_text_knows(const json_t *d)
{
	const char *schema = json_string_value(json_object_get(d, "schema"));
	const char *kind = json_string_value(json_object_get(d, "kind"));

	return schema && kind && strcmp(schema, "synhole/1") == 0 && strcmp(kind, "status") == 0 &&
	       json_is_string(json_object_get(d, "status"));
}

void status_text(FILE *out, const json_t *d)
{
	const json_t *names = json_object_get(d, "names"), *o;
	char safe[ROOM];
	size_t i;

	write_head(out, d);
	json_array_foreach(json_object_get(d, "interfaces"), i, o) write_interface(out, o);
	write_incidents(out, json_object_get(d, "incidents"));
	write_destinations(out, d);
	if (json_array_size(names))
		fputs("\nNAMES\n", out);
	json_array_foreach(names, i, o) write_name(out, o);
	write_losses(out, d);
	fprintf(out, "\n%s%s%s\n", text_colour(out, severity(d, "status")), word(d, "status", safe),
		text_plain(out));
}

int status_text_exit(const json_t *d)
{
	static const int statuses[] = {
		[SEVERITY_OK] = EXIT_OK,
		[SEVERITY_WARNING] = EXIT_WARNING,
		[SEVERITY_UNKNOWN] = EXIT_UNKNOWN,
		[SEVERITY_CRITICAL] = EXIT_CRITICAL,
	};

	return statuses[severity(d, "status")];
}
