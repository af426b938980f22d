// SPDX-License-Identifier: GPL-2.0-only
/* The options that say which incidents. */
#include "cmd/option_filter.h"

#include "base/address.h"
#include "cmd/session.h"
#include "cmd/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int option_store(struct options *o, const char *value, struct failure *failure)
{
	if (!*value)
		return failure_set(failure, -EINVAL, "--store needs the name of a file");
	o->store = value;
	return 0;
}

int option_read_moment(const char *text, when_t now, when_t *ret_when)
{
	static const char units[] = "smhdw";
	static const uint64_t seconds[] = {1, 60, 3600, 86400, 604800};
	const char *unit;
	uint64_t n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (*text < '0' || *text > '9' || !unit || end[1])
		return text_read_time(text, ret_when);
	if (errno || n > now / 1000000000 / seconds[unit - units])
		return -EINVAL;
	*ret_when = now - n * seconds[unit - units] * 1000000000;
	return 0;
}

static int read_moment(const char *option, const char *value, when_t *ret_when,
		       struct failure *failure)
{
	if (option_read_moment(value, session_now(), ret_when) == 0)
		return 0;
	return failure_set(failure, -EINVAL,
			   "%s \"%.40s\" is no time: give an age like 2d, 12h or 30m, or a time "
			   "like 2026-11-22T14:47:00Z or 2026-11-22",
			   option, value);
}

int option_since(struct options *o, const char *value, struct failure *failure)
{
	return read_moment("--since", value, &o->since, failure);
}

int option_until(struct options *o, const char *value, struct failure *failure)
{
	return read_moment("--until", value, &o->until, failure);
}

int option_open(struct options *o, const char *value, struct failure *failure)
{
	o->open = true;
	return 0;
}

int option_of_name(struct options *o, const char *value, struct failure *failure)
{
	size_t length = strlen(value);

	if (!length || length > 1024)
		return failure_set(failure, -EINVAL, "--name \"%.40s\" cannot be a name", value);
	o->of_name = value;
	return 0;
}

int option_address(struct options *o, const char *value, struct failure *failure)
{
	if (address_parse(value, &o->address) < 0)
		return failure_set(failure, -EINVAL, "--address \"%.64s\" is no IP address", value);
	o->address_given = true;
	return 0;
}

int option_verdict(struct options *o, const char *value, struct failure *failure)
{
	static const enum verdict faults[] = {VERDICT_BLACKHOLE, VERDICT_UNUSABLE, VERDICT_MUTE,
					      VERDICT_STRAY};

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		if (strcmp(verdict_name(faults[i]), value) == 0)
			o->verdict = verdict_name(faults[i]);
	return o->verdict ? 0
			  : failure_set(failure, -EINVAL,
					"--verdict \"%.32s\" is none that makes an incident: those "
					"are blackhole, unusable, mute and stray",
					value);
}

int option_output(struct options *o, const char *value, struct failure *failure)
{
	if (!*value)
		return failure_set(failure, -EINVAL, "--output needs the name of a file");
	o->output = value;
	return 0;
}
