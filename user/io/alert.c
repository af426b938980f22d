// SPDX-License-Identifier: GPL-2.0-only
/* Alertmanagers told of alerts. */
#include "io/alert.h"

#include "base/cleanup.h"
#include "io/alert_url.h"
#include "io/libcurl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

struct receiver {
	struct alerts *alerts;
	struct alert_url url;
	CURL *post;
	char *body; /* NULL: nothing is under way */
	size_t answered;
	char answer[160]; /* its beginning */
	sd_event_source *timer;
	bool failing;
};

struct alerts {
	sd_event *loop;
	const struct libcurl *curl;
	CURLM *multi;
	struct curl_slist *headers;
	sd_event_source *timer; /* libcurl's */
	struct outbox *outbox;
	struct receiver receivers[OUTBOX_RECEIVERS_MAX];
	size_t count;
	alerts_say_fn *say;
	void *data;
	uint64_t failed;
};

static uint64_t now(const struct alerts *a)
{
	uint64_t usec = 0;

	sd_event_now(a->loop, CLOCK_MONOTONIC, &usec);
	return usec;
}

/* ---- when */

static void set_timer(struct receiver *r)
{
	uint64_t next = outbox_next(r->alerts->outbox, (size_t)(r - r->alerts->receivers));

	sd_event_source_set_time(r->timer, next);
	sd_event_source_set_enabled(r->timer, next == UINT64_MAX ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

static void set_timers(struct alerts *a)
{
	for (size_t i = 0; i < a->count; i++)
		set_timer(&a->receivers[i]);
}

/* ---- one attempt */

static void finish(struct receiver *r, const char *failure)
{
	struct alerts *a = r->alerts;

	free(take_ptr(r->body));
	outbox_done(a->outbox, (size_t)(r - a->receivers), !failure, now(a));
	a->failed += failure != NULL;
	if (failure ? !r->failing : r->failing)
		a->say(a->data, r->url.shown, failure);
	r->failing = failure != NULL;
	set_timer(r);
}

static size_t on_answer(char *bytes, size_t one, size_t count, void *data)
{
	struct receiver *r = data;
	size_t room = sizeof(r->answer) - 1;

	if (r->answered < room) {
		size_t n = count < room - r->answered ? count : room - r->answered;

		memcpy(r->answer + r->answered, bytes, n);
		r->answer[r->answered + n] = '\0';
	}
	r->answered += count;
	return r->answered > ALERT_ANSWER_MAX ? 0 : count;
}

static void set_body(const struct libcurl *curl, struct receiver *r)
{
	curl->easy_setopt(r->post, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(r->body));
	curl->easy_setopt(r->post, CURLOPT_POSTFIELDS, r->body);
	r->answered = 0;
	r->answer[0] = '\0';
}

static int on_due(sd_event_source *source, uint64_t usec, void *data)
{
	struct receiver *r = data;
	struct alerts *a = r->alerts;

	r->body = outbox_write(a->outbox, (size_t)(r - a->receivers));
	if (!r->body) {
		finish(r, "out of memory");
		return 0;
	}
	set_body(a->curl, r);
	if (a->curl->multi_add_handle(a->multi, r->post) != CURLM_OK)
		finish(r, "out of memory");
	return 0;
}

static void on_done(struct alerts *a, CURL *post, CURLcode code)
{
	struct receiver *r = NULL;
	char failure[320];
	long status = 0;

	a->curl->easy_getinfo(post, CURLINFO_PRIVATE, (char **)&r);
	a->curl->easy_getinfo(post, CURLINFO_RESPONSE_CODE, &status);
	a->curl->multi_remove_handle(a->multi, post);
	if (code == CURLE_OK && status >= 200 && status < 300) {
		finish(r, NULL);
		return;
	}
	if (code == CURLE_OK)
		snprintf(failure, sizeof(failure), "it says HTTP %ld%s%s", status,
			 *r->answer ? ": " : "", r->answer);
	else
		snprintf(failure, sizeof(failure), "%s", a->curl->easy_strerror(code));
	finish(r, failure);
}

/* ---- libcurl on the loop: multi_socket_action(3) */

static void act(struct alerts *a, curl_socket_t fd, int events)
{
	int running, left;
	CURLMsg *message;

	a->curl->multi_socket_action(a->multi, fd, events, &running);
	while ((message = a->curl->multi_info_read(a->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			on_done(a, message->easy_handle, message->data.result);
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	int what = (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
		   (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
		   (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);

	act(data, fd, what);
	return 0;
}

static int on_curl_time(sd_event_source *source, uint64_t usec, void *data)
{
	act(data, CURL_SOCKET_TIMEOUT, 0);
	return 0;
}

static int on_want_socket(CURL *post, curl_socket_t fd, int what, void *data, void *of_socket)
{
	struct alerts *a = data;
	sd_event_source *source = of_socket;
	uint32_t events =
		(what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);

	if (what == CURL_POLL_REMOVE) {
		sd_event_source_disable_unref(source);
		a->curl->multi_assign(a->multi, fd, NULL);
		return 0;
	}
	if (source)
		return sd_event_source_set_io_events(source, events);
	if (sd_event_add_io(a->loop, &source, fd, events, on_io, a) < 0)
		return -1;
	a->curl->multi_assign(a->multi, fd, source);
	return 0;
}

static int on_want_time(CURLM *multi, long ms, void *data)
{
	struct alerts *a = data;

	if (ms >= 0)
		sd_event_source_set_time_relative(a->timer, (uint64_t)ms * 1000);
	sd_event_source_set_enabled(a->timer, ms < 0 ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
	return 0;
}

/* ---- making */

static int open_receiver(struct alerts *a, const char *text, struct failure *failure)
{
	struct receiver *r = &a->receivers[a->count];
	const struct libcurl *curl = a->curl;
	int e = alert_url_read(curl, text, &r->url, failure);

	if (e < 0)
		return e;
	r->alerts = a;
	a->count++;
	r->post = curl->easy_init();
	if (!r->post ||
	    sd_event_add_time(a->loop, &r->timer, CLOCK_MONOTONIC, UINT64_MAX, 1000, on_due, r) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	curl->easy_setopt(r->post, CURLOPT_URL, r->url.whole);
	curl->easy_setopt(r->post, CURLOPT_PROTOCOLS_STR, "http,https");
	curl->easy_setopt(r->post, CURLOPT_FOLLOWLOCATION, 0L);
	curl->easy_setopt(r->post, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(r->post, CURLOPT_TIMEOUT, (long)ALERT_SECONDS);
	curl->easy_setopt(r->post, CURLOPT_HTTPHEADER, a->headers);
	curl->easy_setopt(r->post, CURLOPT_USERAGENT, "synhole/" SYNHOLE_VERSION);
	curl->easy_setopt(r->post, CURLOPT_WRITEFUNCTION, on_answer);
	curl->easy_setopt(r->post, CURLOPT_WRITEDATA, r);
	curl->easy_setopt(r->post, CURLOPT_PRIVATE, r);
	set_timer(r);
	return 0;
}

static bool open_multi(struct alerts *a)
{
	/* An empty "Expect:" keeps libcurl from waiting for leave to send the body. */
	static const char *const headers[] = {"Content-Type: application/json", "Expect:"};

	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		struct curl_slist *longer = a->curl->slist_append(a->headers, headers[i]);

		if (!longer)
			return false;
		a->headers = longer;
	}
	a->multi = a->curl->multi_init();
	if (!a->multi || sd_event_add_time(a->loop, &a->timer, CLOCK_MONOTONIC, UINT64_MAX, 1000,
					   on_curl_time, a) < 0)
		return false;
	a->curl->multi_setopt(a->multi, CURLMOPT_SOCKETFUNCTION, on_want_socket);
	a->curl->multi_setopt(a->multi, CURLMOPT_SOCKETDATA, a);
	a->curl->multi_setopt(a->multi, CURLMOPT_TIMERFUNCTION, on_want_time);
	a->curl->multi_setopt(a->multi, CURLMOPT_TIMERDATA, a);
	return true;
}

int alerts_new(struct alerts **ret_alerts, sd_event *loop, const char *const *urls, size_t count,
	       alerts_say_fn *say, void *data, struct failure *failure)
{
	cleanup(alerts_free) struct alerts *a = calloc(1, sizeof(*a));
	int r = 0;

	if (!a || outbox_new(&a->outbox, count) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	if (count > OUTBOX_RECEIVERS_MAX)
		return failure_set(failure, -E2BIG, "more than %d Alertmanagers",
				   OUTBOX_RECEIVERS_MAX);
	a->curl = libcurl_load(failure);
	if (!a->curl)
		return -ELIBACC;
	a->loop = sd_event_ref(loop);
	a->say = say;
	a->data = data;
	if (!open_multi(a))
		return failure_set(failure, -ENOMEM, "out of memory");
	for (size_t i = 0; r == 0 && i < count; i++)
		r = open_receiver(a, urls[i], failure);
	if (r == 0)
		*ret_alerts = take_ptr(a);
	return r;
}

static void close_receiver(struct alerts *a, struct receiver *r)
{
	sd_event_source_disable_unref(r->timer);
	if (r->body)
		a->curl->multi_remove_handle(a->multi, r->post);
	a->curl->easy_cleanup(r->post);
	free(r->body);
}

void alerts_free(struct alerts **alerts)
{
	struct alerts *a = *alerts;

	if (!a)
		return;
	for (size_t i = 0; i < a->count; i++)
		close_receiver(a, &a->receivers[i]);
	if (a->multi)
		a->curl->multi_cleanup(a->multi);
	sd_event_source_disable_unref(a->timer);
	if (a->headers)
		a->curl->slist_free_all(a->headers);
	outbox_free(&a->outbox);
	sd_event_unref(a->loop);
	free(a);
	*alerts = NULL;
}

/* ---- */

int alerts_put(struct alerts *a, const struct alert *alert, bool urgent)
{
	int r = outbox_put(a->outbox, alert, urgent, now(a));

	set_timers(a);
	return r;
}

void alerts_adopt(struct alerts *a, const struct alerts *other)
{
	outbox_adopt(a->outbox, other->outbox, now(a));
	a->failed += other->failed;
	set_timers(a);
}

void alerts_hurry(struct alerts *a)
{
	outbox_hurry(a->outbox, now(a));
	set_timers(a);
}

bool alerts_are_owing(const struct alerts *a)
{
	return outbox_is_owing(a->outbox);
}

uint64_t alerts_failed(const struct alerts *a)
{
	return a->failed;
}

uint64_t alerts_dropped(const struct alerts *a)
{
	return outbox_dropped(a->outbox);
}
