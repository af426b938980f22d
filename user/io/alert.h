/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Alertmanagers told of alerts through their API (POST /api/v2/alerts), by libcurl on the caller's
 * loop. What is owed to whom and when is the outbox's business; this carries it.
 *
 * Only http and https, no redirects; an attempt takes ALERT_SECONDS at most, and of an answer only
 * the beginning is read. Where an URL has a host's name, libcurl asks for its address in a thread
 * of its own.
 */
#ifndef SYNHOLE_IO_ALERT_H
#define SYNHOLE_IO_ALERT_H

#include "base/failure.h"
#include "core/outbox.h"

#include <systemd/sd-event.h>

#define ALERT_SECONDS 10
#define ALERT_ANSWER_MAX (64 << 10)

struct alerts;

/* Heard when a receiver could not be told, NULL if it is again; of many failures in a row only of
 * the first. `where` is its URL without password. */
typedef void alerts_say_fn(void *data, const char *where, const char *failure);

/* `urls` are base URLs like "http://127.0.0.1:9093". -E2BIG, -EINVAL, or -ELIBACC if there is no
 * libcurl. */
int alerts_new(struct alerts **ret_alerts, sd_event *loop, const char *const *urls, size_t count,
	       alerts_say_fn *say, void *data, struct failure *failure);
void alerts_free(struct alerts **alerts);

/* As outbox_put(), now. */
int alerts_put(struct alerts *alerts, const struct alert *alert, bool urgent);

/* Takes over what another one was to tell. */
void alerts_adopt(struct alerts *alerts, const struct alerts *other);

/* As outbox_hurry() and outbox_is_owing(). */
void alerts_hurry(struct alerts *alerts);
bool alerts_are_owing(const struct alerts *alerts);

/* Attempts that failed, and alerts that found no room, since the start. */
uint64_t alerts_failed(const struct alerts *alerts);
uint64_t alerts_dropped(const struct alerts *alerts);

#endif
