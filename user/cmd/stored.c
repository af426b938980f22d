// SPDX-License-Identifier: GPL-2.0-only
/* Incidents in the store. */
#include "cmd/stored.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/config.h"
#include "cmd/evidence.h"
#include "cmd/incident_json.h"
#include "cmd/report_json.h"
#include "cmd/session.h"
#include "cmd/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int stored_open(struct store **ret_store, const struct options *o, struct failure *failure)
{
	cleanup(config_free) struct config *config = NULL;
	int r = o->store ? 0 : config_of(&config, o, failure);

	if (r < 0)
		return r;
	if (!o->store && !*config->store)
		return failure_set(failure, -ENOENT,
				   "the configuration says that nothing is stored (store = \"\"); "
				   "--store names a file");
	return store_open_read(ret_store, o->store ? o->store : config->store, failure);
}

#define UNTIL "recorded-until"

when_t stored_until(struct store *store)
{
	char text[TEXT_TIME] = "";
	autofree void *value = NULL;
	struct failure ignored;
	when_t until;
	size_t size;

	if (store_get_value(store, UNTIL, &value, &size, &ignored) < 0 || size >= sizeof(text))
		return session_now();
	memcpy(text, value, size);
	return text_read_time(text, &until) < 0 ? session_now() : until;
}

int stored_put_until(struct store *store, when_t until, struct failure *failure)
{
	char text[TEXT_TIME];

	text_time(until, text);
	return store_put_value(store, UNTIL, text, strlen(text), failure);
}

#define EVIDENCE "evidence"

int stored_put_evidence(struct store *store, const char *directory, struct failure *failure)
{
	char whole[PATH_MAX];

	if (!realpath(directory, whole)) /* it is not there yet */
		snprintf(whole, sizeof(whole), "%s", directory);
	return store_put_value(store, EVIDENCE, whole, strlen(whole) + 1, failure);
}

/* NULL: none is kept. */
static char *evidence_directory(struct store *store)
{
	autofree void *value = NULL;
	struct failure ignored;
	size_t size;

	if (store_get_value(store, EVIDENCE, &value, &size, &ignored) < 0 || !size ||
	    size > PATH_MAX || memchr(value, '\0', size) != (char *)value + size - 1)
		return NULL;
	return take_ptr(value);
}

/* One name on each line. */
static void join_names(const struct incident *in, char *ret_text, size_t size)
{
	char safe[4 * INCIDENT_NAME_TEXT];
	size_t n = 0;

	ret_text[0] = '\0';
	for (size_t i = 0; i < in->name_count && n < size; i++)
		n += (size_t)snprintf(ret_text + n, size - n, "%s\n",
				      text_escape(in->names[i], safe, sizeof(safe)));
}

/* Moves `room` behind the copy. */
static const char *copy(const char *text, char **room)
{
	char *at = *room;

	*room = stpcpy(at, text) + 1;
	return at;
}

struct store_row *stored_row(const struct incident *in)
{
	char names[INCIDENT_NAMES_MAX * (4 * INCIDENT_NAME_TEXT + 1)], address[ADDRESS_TEXT];
	const char *verdict = verdict_name(in->verdict);
	autofree char *document = incident_document(in);
	struct store_row *row;
	char *room;

	if (!document)
		return NULL;
	join_names(in, names, sizeof(names));
	address_format(&in->address, address);
	row = malloc(sizeof(*row) + strlen(names) + strlen(address) + strlen(document) + 3);
	if (!row)
		return NULL;
	room = (char *)(row + 1);
	*row = (struct store_row){
		.id = in->id,
		.address = copy(address, &room),
		.names = copy(names, &room),
		.verdict = verdict ? verdict : "",
		.severity = verdict_severity_name(in->severity),
		.opened = in->opened,
		.closed = in->closed,
		.last = in->last,
		.document = copy(document, &room),
	};
	return row;
}

int stored_put(struct store *store, const struct incident *in, struct failure *failure)
{
	autofree struct store_row *row = stored_row(in);

	if (!row)
		return failure_set(failure, -ENOMEM, "no memory to write incident %llu",
				   (unsigned long long)in->id);
	return store_put(store, row, failure);
}

struct listing {
	stored_fn *tell;
	void *data;
	struct incident incident;
	uint64_t unreadable;
};

static bool tell_row(void *data, const struct store_row *row)
{
	struct listing *l = data;

	if (incident_from_document(row->document, &l->incident) == 0)
		return l->tell(l->data, &l->incident);
	l->unreadable++;
	return true;
}

int stored_list(struct store *store, const struct store_filter *filter, stored_fn *tell, void *data,
		struct failure *failure)
{
	autofree struct listing *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return failure_set(failure, -ENOMEM, "no memory");
	l->tell = tell;
	l->data = data;
	r = store_list(store, filter, tell_row, l, failure);
	if (r < 0 || !l->unreadable)
		return r;
	return failure_set(failure, -EBADMSG,
			   "%llu of the incidents could not be read: their records are damaged, or "
			   "of a later version of synhole",
			   (unsigned long long)l->unreadable);
}

struct store_filter stored_filter(const struct options *o, char text[static STORED_TEXT])
{
	char *name = text + ADDRESS_TEXT;
	size_t length = 0;

	if (o->of_name) {
		text_escape(o->of_name, name, STORED_TEXT - ADDRESS_TEXT);
		length = strlen(name);
	}
	if (length > 1 && name[length - 1] == '.') /* records have no final dot */
		name[length - 1] = '\0';
	return (struct store_filter){
		.since = o->since,
		.until = o->until,
		.open = o->open,
		.name = o->of_name ? name : NULL,
		.address = o->address_given ? address_format(&o->address, text) : NULL,
		.verdict = o->verdict,
	};
}

static void add_minute(void *data, const struct store_minute *minute)
{
	struct stored *s = data;
	struct store_minute *more;

	/* Twice the room whenever a power of two is full. */
	if (!(s->minute_count & (s->minute_count - 1))) {
		size_t room = s->minute_count ? 2 * s->minute_count : 1;

		more = reallocarray(s->minutes, room, sizeof(*more));
		if (!more)
			return;
		s->minutes = more;
	}
	s->minutes[s->minute_count++] = *minute;
}

/* NULL also where it is not what it should be: the incident can be told without. */
static json_t *state(struct store *store, uint64_t id, enum store_phase phase)
{
	autofree char *text = NULL;
	struct failure ignored;

	if (store_get_state(store, id, phase, &text, &ignored) < 0)
		return NULL;
	return json_loads(text, 0, NULL);
}

struct search {
	uint64_t id;
	unsigned long numbers[EVIDENCE_FILES];
	size_t count;
};

static void find_file(void *data, const struct evidence_file *file)
{
	struct search *search = data;

	if (file->id == search->id && search->count < EVIDENCE_FILES)
		search->numbers[search->count++] = file->number;
}

static int by_number(const void *left, const void *right)
{
	const unsigned long a = *(const unsigned long *)left, b = *(const unsigned long *)right;

	return (a > b) - (a < b);
}

/* Those that there are still. */
static json_t *evidence(struct store *store, uint64_t id)
{
	autofree char *directory = evidence_directory(store);
	struct search search = {.id = id};
	json_t *list = directory ? json_array() : NULL;
	char path[PATH_MAX];
	struct stat file;

	if (!list || evidence_each(directory, find_file, &search) < 0)
		return list;
	qsort(search.numbers, search.count, sizeof(*search.numbers), by_number);
	for (size_t i = 0; i < search.count; i++) {
		evidence_path(directory, id, search.numbers[i], path);
		if (stat(path, &file) == 0)
			json_array_append_new(list,
					      json_pack("{so so}", "file", json_text(path), "bytes",
							json_count((uint64_t)file.st_size)));
	}
	return list;
}

static int fill(struct stored *s, struct store *store, uint64_t id, struct failure *failure)
{
	autofree char *document = NULL;
	int r = store_get(store, id, &document, failure);

	if (r < 0)
		return r;
	if (incident_from_document(document, &s->incident) < 0)
		return failure_set(failure, -EBADMSG,
				   "incident %llu cannot be read: its record is damaged, or of a "
				   "later version of synhole",
				   (unsigned long long)id);
	s->opening = state(store, id, STORE_OPENING);
	s->close = state(store, id, STORE_CLOSE);
	s->evidence = evidence(store, id);
	return store_minutes(store, id, add_minute, s, failure);
}

int stored_get(struct store *store, uint64_t id, struct stored **ret_stored,
	       struct failure *failure)
{
	cleanup(stored_free) struct stored *s = calloc(1, sizeof(*s));
	int r = s ? fill(s, store, id, failure) : failure_set(failure, -ENOMEM, "no memory");

	if (r == 0)
		*ret_stored = take_ptr(s);
	return r;
}

void stored_free(struct stored **stored)
{
	struct stored *s = *stored;

	if (!s)
		return;
	free(s->minutes);
	json_decref(s->opening);
	json_decref(s->close);
	json_decref(s->evidence);
	free(s);
	*stored = NULL;
}

int stored_read_id(const char *word, uint64_t *ret_id, struct failure *failure)
{
	char *end;
	uint64_t id = strtoull(word, &end, 10);

	if (*word < '1' || *word > '9' || *end || id > INT64_MAX)
		return failure_set(failure, -EINVAL,
				   "\"%.32s\" is no number of an incident; \"synhole incidents\" "
				   "lists them",
				   word);
	*ret_id = id;
	return 0;
}
