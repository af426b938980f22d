/* SPDX-License-Identifier: GPL-2.0-only */
/* Prometheus' text format: families and labels. */
#ifndef SYNHOLE_CMD_METRICS_TEXT_H
#define SYNHOLE_CMD_METRICS_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The two lines before the samples of a family; `type` is "counter" or "gauge". */
void metrics_family(FILE *out, const char *name, const char *type, const char *help);

/* A family of one sample without labels. */
void metrics_number(FILE *out, const char *name, const char *type, const char *help, double number);

/* One sample; `labels` is what metrics_label() wrote. Whole numbers are written exactly up to
 * 2^53. */
void metrics_sample(FILE *out, const char *name, const char *labels, double number);

/* Appends `key="value"`, and a comma where it is not the first; `value` may hold any bytes. Cuts
 * the value where `size` would not do. */
void metrics_label(char *labels, size_t size, const char *key, const char *value);

#endif
