// SPDX-License-Identifier: GPL-2.0-only
/* A zone from a master file: entries to records. */
#include "base/address.h"
#include "base/cleanup.h"
#include "io/dns_name.h"
#include "io/dns_zone.h"
#include "io/dns_zone_parts.h"
#include "io/dns_zone_text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

struct reader {
	struct dns_zone_text text;
	const char *path;
	struct dns_zone *zone;
	char origin[DNS_ZONE_NAME]; /* "" is the root */
	char owner[DNS_ZONE_NAME];
	bool has_owner;
	uint32_t ttl; /* of $TTL, else of the record before (RFC 2308, 4; RFC 1035, 5.1) */
	struct failure *failure;
};

static int wrong(struct reader *r, const char *word, const char *what)
{
	char quoted[DNS_QUOTED];

	return failure_set(r->failure, -EINVAL, "%.64s line %zu: \"%s\" %s", r->path, r->text.line,
			   dns_name_quote(word, quoted), what);
}

/* An absolute name in its normal form; "" is the root. */
static int read_name(struct reader *r, const char *word, char ret_name[DNS_ZONE_NAME])
{
	char full[DNS_ZONE_WORD + DNS_ZONE_NAME];
	size_t len = strlen(word), slashes = 0;
	autofree char *text = NULL;
	struct failure ignored;

	while (len > slashes + 1 && word[len - 2 - slashes] == '\\')
		slashes++;
	if (strcmp(word, "@") == 0)
		snprintf(full, sizeof(full), "%s", r->origin);
	else if ((len && word[len - 1] == '.' && slashes % 2 == 0) || !r->origin[0])
		snprintf(full, sizeof(full), "%s", word);
	else
		snprintf(full, sizeof(full), "%s.%s", word, r->origin);
	if (!full[0] || strcmp(full, ".") == 0) {
		ret_name[0] = '\0';
		return 0;
	}
	if (dns_name_normal(full, &text, &ignored) < 0 || strlen(text) >= DNS_ZONE_NAME)
		return wrong(r, word, "cannot be a name in DNS");
	strcpy(ret_name, text);
	return 0;
}

/* Seconds, or numbers with units (as BIND has them): 1h30m. False: it is none. */
static bool read_ttl(const char *word, uint32_t *ret_ttl)
{
	static const struct {
		char letter;
		uint32_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	uint64_t sum = 0;

	if (!isdigit((unsigned char)*word))
		return false;
	while (*word) {
		uint64_t number = 0, unit = 1;

		for (; isdigit((unsigned char)*word) && number < UINT32_MAX; word++)
			number = number * 10 + (uint64_t)(*word - '0');
		for (size_t i = 0; *word && i < sizeof(units) / sizeof(*units); i++)
			if (tolower((unsigned char)*word) == units[i].letter)
				unit = units[i].seconds;
		if (*word && unit == 1 && tolower((unsigned char)*word) != 's')
			return false;
		word += *word != '\0';
		sum += number * unit;
		if (sum > INT32_MAX)
			return false;
	}
	*ret_ttl = (uint32_t)sum;
	return true;
}

static int read_directive(struct reader *r)
{
	const char *word = r->text.words[0];
	const char *value = r->text.count > 1 ? r->text.words[1] : "";

	if (strcasecmp(word, "$ORIGIN") == 0)
		return read_name(r, value, r->origin);
	if (strcasecmp(word, "$TTL") == 0)
		return read_ttl(value, &r->ttl) ? 0 : wrong(r, value, "is no time to live");
	return wrong(r, word,
		     "is not understood: write out what it stands for, only $ORIGIN and $TTL "
		     "are read");
}

static bool is_class(const char *word)
{
	return strcasecmp(word, "IN") == 0 || strcasecmp(word, "CH") == 0 ||
	       strcasecmp(word, "HS") == 0;
}

static enum dns_zone_type type_of(const char *word)
{
	static const char *const names[DNS_ZONE_TYPES] = {"A", "AAAA", "CNAME", "MX", "SRV"};

	for (size_t i = 0; i < DNS_ZONE_TYPES; i++)
		if (strcasecmp(word, names[i]) == 0)
			return (enum dns_zone_type)i;
	return DNS_ZONE_OTHER;
}

/* The record's own part: an address, or a name behind 0, 1 or 3 numbers. */
static int read_data(struct reader *r, struct dns_zone_record *record, size_t at)
{
	static const size_t numbers[DNS_ZONE_TYPES] = {[DNS_ZONE_MX] = 1, [DNS_ZONE_SRV] = 3};
	char target[DNS_ZONE_NAME];
	const char *word;
	int e;

	if (record->type == DNS_ZONE_OTHER)
		return 0;
	at += numbers[record->type];
	if (at >= r->text.count)
		return wrong(r, r->text.words[r->text.count - 1],
			     "ends the record before it is whole");
	word = r->text.words[at];
	if (record->type == DNS_ZONE_A || record->type == DNS_ZONE_AAAA) {
		bool v4 = record->type == DNS_ZONE_A;

		if (address_parse(word, &record->address) < 0 || (strchr(word, ':') == NULL) != v4)
			return wrong(r, word, v4 ? "is no IPv4 address" : "is no IPv6 address");
		return 0;
	}
	e = read_name(r, word, target);
	if (e < 0)
		return e;
	record->target = strdup(target);
	return record->target ? 0 : failure_set(r->failure, -ENOMEM, "out of memory");
}

static int add(struct reader *r, struct dns_zone_record *record)
{
	struct dns_zone *z = r->zone;

	if (z->count == DNS_ZONE_RECORDS_MAX)
		return failure_set(r->failure, -E2BIG,
				   "%.64s has more than %d records: take out what is not needed",
				   r->path, DNS_ZONE_RECORDS_MAX);
	if (z->count == z->room) {
		size_t room = z->room ? 2 * z->room : 64;
		struct dns_zone_record *records = realloc(z->records, room * sizeof(*records));

		if (!records)
			return failure_set(r->failure, -ENOMEM, "out of memory");
		z->records = records;
		z->room = room;
	}
	record->owner = strdup(r->owner);
	if (!record->owner)
		return failure_set(r->failure, -ENOMEM, "out of memory");
	record->number = z->count;
	z->records[z->count++] = *record;
	record->owner = record->target = NULL;
	return 0;
}

static void drop(struct dns_zone_record *record)
{
	free(record->owner);
	free(record->target);
}

/* [owner] [ttl] [class] type data, the two in the middle in any order. */
static int read_record(struct reader *r)
{
	cleanup(drop) struct dns_zone_record record = {.type = DNS_ZONE_OTHER};
	size_t at = 0;
	int e = 0;

	if (!r->text.indented) {
		e = read_name(r, r->text.words[at++], r->owner);
		r->has_owner = true;
	}
	if (e < 0)
		return e;
	if (!r->has_owner)
		return wrong(r, r->text.words[0],
			     "begins with space, and there is no record "
			     "before whose name it could have");
	record.ttl = r->ttl;
	while (at < r->text.count &&
	       (is_class(r->text.words[at]) || read_ttl(r->text.words[at], &record.ttl)))
		at++;
	if (at == r->text.count)
		return wrong(r, r->text.words[at - 1], "ends the record before it is whole");
	record.type = type_of(r->text.words[at]);
	e = read_data(r, &record, at + 1);
	return e < 0 ? e : add(r, &record);
}

static int read_all(struct reader *r)
{
	int e = 0;

	while (e == 0 && dns_zone_text_next(&r->text)) {
		if (r->text.unclosed)
			return failure_set(r->failure, -EINVAL,
					   "%.64s line %zu: a parenthesis or a quote is not closed",
					   r->path, r->text.line);
		if (r->text.count)
			e = r->text.words[0][0] == '$' && !r->text.indented ? read_directive(r)
									    : read_record(r);
	}
	return e;
}

static void free_reader(struct reader **r)
{
	if (*r)
		dns_zone_free(&(*r)->zone);
	free(*r);
}

int dns_zone_read(struct dns_zone **ret_zone, const char *path, struct failure *failure)
{
	cleanup(free_reader) struct reader *r = calloc(1, sizeof(*r));
	cleanup(close_file) FILE *file = fopen(path, "re");
	int e;

	if (!file)
		return failure_set(failure, -errno, "cannot open the zone file %.128s: %s", path,
				   strerror(errno));
	if (r)
		r->zone = calloc(1, sizeof(*r->zone));
	if (!r || !r->zone)
		return failure_set(failure, -ENOMEM, "out of memory");
	r->text.file = file;
	r->text.next_line = 1;
	r->path = path;
	r->failure = failure;
	e = read_all(r);
	if (e == 0 && ferror(file))
		e = failure_set(failure, -EIO, "cannot read the zone file %.128s", path);
	if (e < 0)
		return e;
	dns_zone_sort(r->zone);
	*ret_zone = take_ptr(r->zone);
	return 0;
}
