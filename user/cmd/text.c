// SPDX-License-Identifier: GPL-2.0-only
/* Words for people and for JSON. */
#include "cmd/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
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

bool text_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat file;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &file) == 0 && file.st_dev == device && file.st_ino == inode;
}

/* The journal takes a line's priority from its beginning (sd-daemon(3)). */
static void __attribute__((format(printf, 2, 0)))
say(const char *priority, const char *format, va_list args)
{
	char text[1024], safe[2048];

	vsnprintf(text, sizeof(text), format, args);
	fprintf(stderr, "%ssynhole: %s\n", text_is_journal() ? priority : "",
		text_escape(text, safe, sizeof(safe)));
}

void text_complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(SD_WARNING, format, args);
	va_end(args);
}

void text_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(SD_INFO, format, args);
	va_end(args);
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

char *text_clock(when_t when, char ret_text[static TEXT_TIME])
{
	time_t seconds = (time_t)(when / 1000000000);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	if (!when || !strftime(ret_text, TEXT_TIME, "%Y-%m-%d %H:%M:%S", &utc))
		snprintf(ret_text, TEXT_TIME, "-");
	return ret_text;
}

char *text_span(uint64_t ns, char ret_text[static TEXT_SPAN])
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[] = {{"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}, {"", 1}};
	uint64_t seconds = (ns + 500000000) / 1000000000, first, second;
	size_t u = 0;
	int n;

	while (u < 3 && seconds < units[u].seconds)
		u++;
	first = seconds / units[u].seconds;
	second = seconds % units[u].seconds / units[u + 1].seconds;
	n = snprintf(ret_text, TEXT_SPAN, "%" PRIu64 " %s%s", first, units[u].name,
		     first == 1 ? "" : "s");
	if (second)
		snprintf(ret_text + n, TEXT_SPAN - (size_t)n, " %" PRIu64 " %s%s", second,
			 units[u + 1].name, second == 1 ? "" : "s");
	return ret_text;
}

/* Two digits up to `most`. */
static bool two_digits(const char *p, int most, int *ret_number)
{
	if (!isdigit((unsigned char)p[0]) || !isdigit((unsigned char)p[1]))
		return false;
	*ret_number = (p[0] - '0') * 10 + p[1] - '0';
	return *ret_number <= most;
}

/* "2026-11-22" */
static bool read_date(const char *p, struct tm *tm)
{
	int century, year;
	struct tm day;

	if (strnlen(p, 10) < 10 || p[4] != '-' || p[7] != '-' || !two_digits(p, 99, &century) ||
	    !two_digits(p + 2, 99, &year) || !two_digits(p + 5, 12, &tm->tm_mon) ||
	    !two_digits(p + 8, 31, &tm->tm_mday))
		return false;
	tm->tm_year = century * 100 + year - 1900;
	tm->tm_mon--;
	day = *tm;
	timegm(&day); /* makes another day of the 30th of February, and of a month 0 */
	return tm->tm_year >= 70 && day.tm_mday == tm->tm_mday && day.tm_mon == tm->tm_mon;
}

/* "T14:47:01" */
static bool read_clock(const char *p, struct tm *tm)
{
	return strnlen(p, 9) == 9 && strchr("Tt ", p[0]) && two_digits(p + 1, 23, &tm->tm_hour) &&
	       p[3] == ':' && two_digits(p + 4, 59, &tm->tm_min) && p[6] == ':' &&
	       two_digits(p + 7, 60, &tm->tm_sec);
}

/* ".123456", or nothing; moves `p` behind it. What is finer than a nanosecond is cut. */
static bool read_fraction(const char **p, uint64_t *ret_ns)
{
	uint64_t unit = 100000000;

	*ret_ns = 0;
	if (**p != '.')
		return true;
	if (!isdigit((unsigned char)*++*p))
		return false;
	for (; isdigit((unsigned char)**p); ++*p, unit /= 10)
		*ret_ns += (uint64_t)(**p - '0') * unit;
	return true;
}

/* "Z" or "+01:00", as seconds to be taken away. */
static bool read_offset(const char *p, int *ret_seconds)
{
	int hours, minutes;

	*ret_seconds = 0;
	if (strcmp(p, "Z") == 0 || strcmp(p, "z") == 0)
		return true;
	if (strlen(p) != 6 || !strchr("+-", p[0]) || !two_digits(p + 1, 23, &hours) ||
	    p[3] != ':' || !two_digits(p + 4, 59, &minutes))
		return false;
	*ret_seconds = (hours * 60 + minutes) * (p[0] == '-' ? -60 : 60);
	return true;
}

int text_read_time(const char *text, when_t *ret_when)
{
	const char *p = text;
	struct tm tm = {0};
	uint64_t ns = 0;
	time_t seconds;
	int offset = 0;

	if (!read_date(p, &tm))
		return -EINVAL;
	p += 10;
	if (*p &&
	    (!read_clock(p, &tm) || (p += 9, !read_fraction(&p, &ns)) || !read_offset(p, &offset)))
		return -EINVAL;
	seconds = timegm(&tm);
	if (seconds < offset || seconds - offset >= (time_t)(UINT64_MAX / 1000000000))
		return -EINVAL;
	*ret_when = (uint64_t)(seconds - offset) * 1000000000 + ns;
	return 0;
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

void text_append(char *list, size_t size, const char *separator, const char *word)
{
	size_t n = strlen(list);

	snprintf(list + n, size - n, "%s%s", n ? separator : "", word);
}
