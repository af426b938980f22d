// SPDX-License-Identifier: GPL-2.0-only
/* Options whose values are numbers: how each is read. */
#include "cmd/option_number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Above 0, or 0 as well; microseconds. */
static int read_seconds(const char *option, const char *value, bool zero, uint64_t *ret_usec,
			struct failure *failure)
{
	const double most = 1e9;
	char *end;
	double seconds = strtod(value, &end);

	if (end == value || *end || !(seconds > 0 || (zero && seconds == 0)) || seconds > most ||
	    !isfinite(seconds))
		return failure_set(failure, -EINVAL, "--%s \"%.32s\" is no number of seconds%s",
				   option, value, zero ? "" : " above 0");
	*ret_usec = (uint64_t)(seconds * 1e6) + !zero; /* never 0 where that is not meant */
	return 0;
}

int option_duration(struct options *o, const char *value, struct failure *failure)
{
	return read_seconds("duration", value, false, &o->duration, failure);
}

int option_wait(struct options *o, const char *value, struct failure *failure)
{
	return read_seconds("wait", value, true, &o->wait, failure);
}

/* A whole decimal number up to `most`, and nothing but digits. Moves `text` behind it. */
static bool read_number(const char **text, unsigned long most, unsigned long *ret_number)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*ret_number = strtoul(*text, &end, 10);
	*text = end;
	return !errno && *ret_number <= most;
}

int option_ports(struct options *o, const char *value, struct failure *failure)
{
	const char *at = value;
	unsigned long low, high;

	for (;;) {
		bool ok = read_number(&at, 65535, &low);

		high = low;
		if (ok && *at == '-') {
			at++;
			ok = read_number(&at, 65535, &high);
		}
		if (!ok || low < 1 || high < low || (*at && *at != ','))
			return failure_set(
				failure, -EINVAL,
				"--ports \"%.64s\" is no list of ports: give numbers and "
				"ranges from 1 to 65535, like 25,993,8000-8100",
				value);
		for (unsigned long port = low; port <= high; port++)
			o->ports[port / 8] |= (uint8_t)(1 << port % 8);
		if (!*at++)
			break;
	}
	o->ports_given = true;
	return 0;
}

int option_port(struct options *o, const char *value, struct failure *failure)
{
	const char *at = value;
	unsigned long port;

	if (!read_number(&at, 65535, &port) || !port || *at)
		return failure_set(failure, -EINVAL,
				   "--port \"%.32s\" is no port: give a number from 1 to 65535",
				   value);
	o->ports[port / 8] |= (uint8_t)(1 << port % 8);
	o->ports_given = true;
	return 0;
}

int option_table(struct options *o, const char *value, struct failure *failure)
{
	const unsigned long most = 1UL << 36;
	const char *at = value, *unit;
	unsigned long number;
	bool ok = read_number(&at, most, &number) && number;

	unit = ok && *at ? strchr("KMG", *at) : NULL;
	if (unit) {
		at++;
		number <<= 10 * (unit - "KMG" + 1);
	}
	if (!ok || *at || number > most)
		return failure_set(
			failure, -EINVAL,
			"--table \"%.32s\" is no size: give a number of bytes, or one with "
			"K, M or G behind it, up to 64G",
			value);
	o->table = number;
	return 0;
}

int option_limit(struct options *o, const char *value, struct failure *failure)
{
	const char *at = value;
	unsigned long limit;

	if (!read_number(&at, 1000000000, &limit) || *at)
		return failure_set(failure, -EINVAL,
				   "--limit \"%.32s\" is no number of rows (0: all of them)",
				   value);
	o->limit = limit;
	return 0;
}
