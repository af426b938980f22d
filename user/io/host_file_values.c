// SPDX-License-Identifier: GPL-2.0-only
/* Values of a host file's members, checked. */
#include "io/host_file_values.h"

#include "base/address.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void host_wrong(struct host_reader *r, const char *key)
{
	if (!r->error)
		r->error = failure_set(r->failure, -EINVAL,
				       "the host file does not look like one of synhole host "
				       "--json: entry %zu of \"%s\" has no right \"%s\"",
				       r->at, r->list, key);
}

uint64_t host_get_number(struct host_reader *r, const json_t *o, const char *key, uint64_t most,
			 uint64_t absent)
{
	const json_t *value = json_object_get(o, key);
	json_int_t n = json_integer_value(value);

	if (json_is_integer(value) && n >= 0 && (uint64_t)n <= most)
		return (uint64_t)n;
	if (absent == HOST_REQUIRED || (value && !json_is_null(value)))
		host_wrong(r, key);
	return absent == HOST_REQUIRED ? 0 : absent;
}

bool host_get_flag(struct host_reader *r, const json_t *o, const char *key, bool required)
{
	const json_t *value = json_object_get(o, key);

	if (!json_is_boolean(value) && (required || value))
		host_wrong(r, key);
	return json_is_true(value);
}

/* NULL where it is absent or null. */
const char *host_get_text(struct host_reader *r, const json_t *o, const char *key, bool required)
{
	const json_t *value = json_object_get(o, key);

	if (!json_is_string(value) && (required || (value && !json_is_null(value))))
		host_wrong(r, key);
	return json_string_value(value);
}

void host_copy_text(struct host_reader *r, const json_t *o, const char *key, char *ret, size_t size)
{
	const char *text = host_get_text(r, o, key, false);

	snprintf(ret, size, "%s", text ? text : "");
}

/* All zero where it may be absent and is. */
struct addr host_get_address(struct host_reader *r, const json_t *o, const char *key, bool required)
{
	const char *text = host_get_text(r, o, key, required);
	struct addr a = {0};

	if (text && address_parse(text, &a) < 0)
		host_wrong(r, key);
	return a;
}

/* In the mapped form. */
uint8_t host_get_prefix_len(struct host_reader *r, const json_t *o, const struct addr *a)
{
	uint8_t more = address_is_v4(a) ? 96 : 0;

	return (uint8_t)(host_get_number(r, o, "prefix_len", 128U - more, HOST_REQUIRED) + more);
}

/* As text_time() writes it; 0 where it is null. */
when_t host_get_time(struct host_reader *r, const json_t *o, const char *key)
{
	const char *text = host_get_text(r, o, key, false);
	struct tm tm = {0};
	unsigned micro = 0;
	time_t seconds;
	int n = 0;

	if (!text)
		return 0;
	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%6uZ%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &micro, &n) != 7 ||
	    text[n]) {
		host_wrong(r, key);
		return 0;
	}
	tm.tm_year -= 1900;
	tm.tm_mon--;
	seconds = timegm(&tm);
	return seconds <= 0 || seconds > INT32_MAX * 4LL
		       ? 0
		       : (when_t)seconds * 1000000000 + micro * 1000ULL;
}

uint32_t host_get_link(struct host_reader *r, const json_t *o, const char *key)
{
	const char *name = host_get_text(r, o, key, false);
	const json_t *index = name ? json_object_get(r->links, name) : NULL;

	if (name && !index)
		host_wrong(r, key);
	return (uint32_t)json_integer_value(index);
}

void host_get_mac(struct host_reader *r, const json_t *o, const char *key, uint8_t ret_mac[6])
{
	const char *text = host_get_text(r, o, key, false);
	unsigned m[6];
	int n = 0;

	if (!text)
		return;
	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &m[0], &m[1], &m[2], &m[3], &m[4], &m[5],
		   &n) != 6 ||
	    text[n]) {
		host_wrong(r, key);
		return;
	}
	for (size_t i = 0; i < 6; i++)
		ret_mac[i] = (uint8_t)m[i];
}
