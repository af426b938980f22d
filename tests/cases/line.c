// SPDX-License-Identifier: GPL-2.0-only
/* One line of a case file. */
#include "cases/line.h"

#include "base/address.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void line_is_wrong(struct line *line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (!line->wrong[0])
		vsnprintf(line->wrong, sizeof(line->wrong), format, args);
	va_end(args);
}

static void append(char *text, size_t size, const char *word)
{
	size_t n = strlen(text);

	snprintf(text + n, size - n, "%s%s", n ? " " : "", word);
}

void line_read(struct line *line, const char *text)
{
	char *at = NULL;

	*line = (struct line){0};
	if (strlen(text) >= sizeof(line->split))
		line_is_wrong(line, "the line is longer than %zu bytes", sizeof(line->split) - 1);
	snprintf(line->split, sizeof(line->split), "%s", text);
	for (char *word = strtok_r(line->split, " \t\r\n", &at); word && word[0] != '#';
	     word = strtok_r(NULL, " \t\r\n", &at)) {
		if (line->count == LINE_WORDS) {
			line_is_wrong(line, "more than %d words", LINE_WORDS);
			return;
		}
		line->words[line->count++] = word;
		append(line->text, sizeof(line->text), word);
	}
}

const char *line_rest(const struct line *line)
{
	const char *blank = strchr(line->text, ' ');

	return blank ? blank + 1 : "";
}

bool line_is_good(struct line *line)
{
	const char *left = line_next(line);

	if (left)
		line_is_wrong(line, "unknown word \"%s\"", left);
	return !line->wrong[0];
}

static const char *take(struct line *line, size_t i)
{
	const char *word = i < line->count ? line->words[i] : NULL;

	if (word)
		line->words[i] = NULL;
	return word;
}

/* Where this word stands, `count` if it does not. */
static size_t place_of(const struct line *line, const char *word)
{
	size_t i = 0;

	while (i < line->count && !(line->words[i] && strcmp(line->words[i], word) == 0))
		i++;
	return i;
}

bool line_flag(struct line *line, const char *word)
{
	return take(line, place_of(line, word));
}

const char *line_value(struct line *line, const char *key)
{
	size_t i = key ? place_of(line, key) : 0;
	const char *value;

	if (!key)
		return line_next(line);
	if (!take(line, i))
		return NULL;
	value = take(line, i + 1);
	if (!value)
		line_is_wrong(line, "nothing stands after \"%s\"", key);
	return value;
}

const char *line_next(struct line *line)
{
	for (size_t i = 0; i < line->count; i++)
		if (line->words[i])
			return take(line, i);
	return NULL;
}

const char *line_word(struct line *line, const char *key)
{
	const char *word = line_value(line, key);

	if (!word)
		line_is_wrong(line, "%s is missing", key ? key : "a word");
	return word ? word : "";
}

struct addr line_address(struct line *line, const char *key)
{
	const char *word = line_word(line, key);
	struct addr a = {0};

	if (*word && address_parse(word, &a) < 0)
		line_is_wrong(line, "\"%s\" is no address", word);
	return a;
}

/* Here an interface's address with its length may stand, so bits beyond the length are right. */
struct addr line_prefix(struct line *line, uint8_t *ret_len)
{
	char text[64];
	char *slash, *end = NULL;
	struct addr a = {0};
	unsigned long len, width;

	snprintf(text, sizeof(text), "%s", line_word(line, NULL));
	slash = strchr(text, '/');
	if (slash)
		*slash = '\0';
	if (address_parse(text, &a) < 0)
		line_is_wrong(line, "\"%s\" is no address", text);
	width = address_is_v4(&a) ? 32 : 128;
	len = slash ? strtoul(slash + 1, &end, 10) : width;
	if (len > width || (slash && (end == slash + 1 || *end)))
		line_is_wrong(line, "\"%s\" is no length of a prefix", slash ? slash + 1 : "");
	*ret_len = (uint8_t)(len + 128 - width);
	return a;
}

void line_mac(struct line *line, const char *key, uint8_t ret_mac[6])
{
	const char *word = line_value(line, key);
	unsigned b[6] = {0};
	int end = 0;

	if (word && (sscanf(word, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4],
			    &b[5], &end) != 6 ||
		     word[end]))
		line_is_wrong(line, "\"%s\" is no MAC address", word);
	for (int i = 0; i < 6; i++)
		ret_mac[i] = (uint8_t)b[i];
}

uint64_t line_number(struct line *line, const char *key, uint64_t otherwise)
{
	const char *word = line_value(line, key);
	char *end;
	uint64_t number;

	if (!word)
		return otherwise;
	errno = 0;
	number = strtoull(word, &end, 10);
	if (word[0] < '0' || word[0] > '9' || *end || errno)
		line_is_wrong(line, "\"%s\" is no number", word);
	return number;
}

uint64_t line_seconds(struct line *line, const char *key, uint64_t otherwise)
{
	const char *word = line_value(line, key);
	char *end;
	double seconds;

	if (!word)
		return otherwise;
	seconds = strtod(word, &end);
	if (end == word || *end || !(seconds >= 0 && seconds < 1e9))
		line_is_wrong(line, "\"%s\" is no number of seconds", word);
	else
		return (uint64_t)(seconds * 1e9);
	return 0;
}

int line_choice(struct line *line, const char *const *choices)
{
	const char *word = line_word(line, NULL);

	for (int i = 0; choices[i]; i++)
		if (strcmp(choices[i], word) == 0)
			return i;
	line_is_wrong(line, "unknown word \"%s\"", word);
	return 0;
}
