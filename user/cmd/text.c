// SPDX-License-Identifier: GPL-2.0-only
/* Words for people and for JSON. */
#include "cmd/text.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

char *text_escape(const char *text, char *ret_safe, size_t size)
{
	size_t n = 0;

	for (const unsigned char *p = (const unsigned char *)text; *p && n + 5 <= size; p++)
		n += (size_t)(*p >= 0x20 && *p < 0x7f ? sprintf(ret_safe + n, "%c", *p)
						      : sprintf(ret_safe + n, "\\%03u", *p));
	ret_safe[n] = '\0';
	return ret_safe;
}

void text_complain(const char *format, ...)
{
	char text[1024], safe[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "synhole: %s\n", text_escape(text, safe, sizeof(safe)));
}

char *text_time(when_t when, char ret_text[static TEXT_TIME])
{
	time_t seconds = (time_t)(when / 1000000000);
	struct tm utc;
	size_t n;

	gmtime_r(&seconds, &utc);
	n = strftime(ret_text, TEXT_TIME, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(ret_text + n, TEXT_TIME - n, ".%06uZ", (unsigned)(when % 1000000000 / 1000));
	return ret_text;
}

const char *text_service(uint16_t port)
{
	const struct servent *service = port ? getservbyport(htons(port), "tcp") : NULL;

	return service ? service->s_name : NULL;
}

static bool colours(FILE *file)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fileno(file)) && !(no && *no);
}

const char *text_colour(FILE *file, enum severity severity)
{
	static const char *const codes[] = {
		[SEVERITY_OK] = "\033[32m",
		[SEVERITY_WARNING] = "\033[33m",
		[SEVERITY_UNKNOWN] = "\033[35m",
		[SEVERITY_CRITICAL] = "\033[1;31m",
	};

	return colours(file) ? codes[severity] : "";
}

const char *text_plain(FILE *file)
{
	return colours(file) ? "\033[0m" : "";
}
