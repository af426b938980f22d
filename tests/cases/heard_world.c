// SPDX-License-Identifier: GPL-2.0-only
/* What a case's host hears of DNS, and of its kernel if it asks. */
#include "cases/heard.h"

#include "base/address.h"
#include "core/published.h"

#include <stdio.h>
#include <string.h>

static bool name_status(const char *word, enum name_status *ret_status)
{
	for (enum name_status i = NAME_NODATA; i < NAME_STATUSES; i++) {
		if (strcmp(name_status_name(i), word) != 0)
			continue;
		*ret_status = i;
		return true;
	}
	return false;
}

/* Its records and, where it is not "ok", its status. */
void hear_name(struct heard *h, struct line *l)
{
	struct record records[LINE_WORDS] = {0};
	struct input_name name = {.name = line_word(l, NULL), .records = records};
	const char *word;

	while ((word = line_next(l))) {
		if (name_status(word, &name.status))
			continue;
		records[name.count].ttl = 300;
		if (address_parse(word, &records[name.count++].address) < 0)
			line_is_wrong(l, "\"%s\" is neither an address nor a status", word);
	}
	if (line_is_good(l))
		heard_tell(h, (struct input){.kind = INPUT_NAME, .name = name});
}

/* What the zone's own servers have, of one family. */
void hear_authority(struct heard *h, struct line *l)
{
	static const char *const families[] = {"v4", "v6", NULL};
	struct record records[LINE_WORDS] = {0};
	struct input_authority authority = {.name = line_word(l, NULL), .records = records};
	const char *word;

	authority.ipv4 = line_choice(l, families) == 0;
	while ((word = line_next(l)))
		if (address_parse(word, &records[authority.count++].address) < 0)
			line_is_wrong(l, "\"%s\" is no address", word);
	if (line_is_good(l))
		heard_tell(h, (struct input){.kind = INPUT_AUTHORITY, .authority = authority});
}

/* A later word on the same question takes the place of the one before. */
static void keep_answer(struct heard *h, struct line *l, const struct input *in, size_t key_size)
{
	size_t i = 0;

	while (i < h->answer_count &&
	       !(h->answers[i].input.kind == in->kind &&
		 memcmp(&h->answers[i].input.path, &in->path, key_size) == 0))
		i++;
	if (i < h->answer_count && !h->answers[i].asked)
		line_is_wrong(l, "nobody has asked since this was said before");
	if (!heard_may_keep(l, i))
		return;
	h->answers[i] = (struct heard_answer){.input = *in};
	snprintf(h->answers[i].text, sizeof(h->answers[i].text), "%.120s", l->text);
	h->answer_count += i == h->answer_count;
}

void hear_path(struct heard *h, struct line *l)
{
	static const char *const kinds[] = {
		[PATH_LOCAL] = "local", [PATH_FORWARD] = "forward",	[PATH_HAIRPIN] = "hairpin",
		[PATH_NONE] = "none",	[PATH_BLACKHOLE] = "blackhole", NULL};
	struct input in = {.kind = INPUT_PATH};

	in.path.ifindex = heard_link(h, l).ifindex;
	in.path.dst = line_address(l, NULL);
	in.path.kind = (enum path_kind)line_choice(l, kinds);
	keep_answer(h, l, &in, offsetof(struct input_path, kind));
}

void hear_return(struct heard *h, struct line *l)
{
	static const char *const kinds[] = {"no", "yes", NULL};
	struct input in = {.kind = INPUT_RETURN};

	in.back.peer = line_address(l, "to");
	in.back.address = line_address(l, NULL);
	in.back.reachable = line_choice(l, kinds);
	keep_answer(h, l, &in, offsetof(struct input_return, reachable));
}
