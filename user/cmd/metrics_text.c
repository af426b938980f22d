// SPDX-License-Identifier: GPL-2.0-only
/* Prometheus' text format. */
#include "cmd/metrics_text.h"

#include "cmd/text.h"

#include <string.h>

void metrics_family(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_sample(FILE *out, const char *name, const char *labels, double number)
{
	fprintf(out, "%s%s%s%s %.17g\n", name, *labels ? "{" : "", labels, *labels ? "}" : "",
		number);
}

void metrics_number(FILE *out, const char *name, const char *type, const char *help, double number)
{
	metrics_family(out, name, type, help);
	metrics_sample(out, name, "", number);
}

/* Printable first, as everywhere, and then as the format wants it. */
void metrics_label(char *labels, size_t size, const char *key, const char *value)
{
	char safe[2048];
	size_t n = strlen(labels);

	n += (size_t)snprintf(labels + n, size - n, "%s%s=\"", n ? "," : "", key);
	for (const char *p = text_escape(value, safe, sizeof(safe)); *p && n + 4 <= size; p++) {
		if (*p == '\\' || *p == '"')
			labels[n++] = '\\';
		labels[n++] = *p;
	}
	labels[n++] = '"';
	labels[n] = '\0';
}
