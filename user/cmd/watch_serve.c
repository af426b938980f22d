// SPDX-License-Identifier: GPL-2.0-only
/* What the daemon tells those who ask it, by HTTP. */
#include "cmd/watch_serve.h"

#include "cmd/incident_json.h"
#include "cmd/metrics.h"
#include "cmd/status_json.h"
#include "cmd/watch.h"
#include "io/http.h"

#include <errno.h>
#include <systemd/sd-daemon.h>

#define JSON "application/json"
#define OK 200
#define UNAVAILABLE 503

static unsigned write_metrics(void *data, FILE *body)
{
	struct watch *w = data;
	const struct metrics metrics = {&w->session, w->incidents, &w->counters};

	watch_count(w);
	metrics_write(body, &metrics);
	return OK;
}

static unsigned write_health(void *data, FILE *body)
{
	const struct watch *w = data;
	bool well = !watch_ails(w);

	fprintf(body, "%s\n", well ? "ok" : watch_ails(w));
	return well ? OK : UNAVAILABLE;
}

static unsigned write_status(void *data, FILE *body)
{
	struct watch *w = data;

	status_json(body, &w->session, w->incidents, &w->counters);
	return OK;
}

static unsigned write_incidents(void *data, FILE *body)
{
	const struct watch *w = data;
	const struct incident *in;
	json_t *document, *list = json_array();

	for (size_t i = 0; (in = incidents_at(w->incidents, i)); i++)
		json_array_append_new(list, incident_json(in));
	document = json_pack("{ss ss ss so}", "schema", "synhole/1", "kind", "incidents", "version",
			     SYNHOLE_VERSION, "incidents", list);
	json_dumpf(document, body, JSON_COMPACT);
	fputc('\n', body);
	json_decref(document);
	return OK;
}

static const struct http_route routes[] = {
	{"/metrics", "text/plain; version=0.0.4; charset=utf-8", write_metrics},
	{"/healthz", "text/plain; charset=utf-8", write_health},
	{"/v1/status", JSON, write_status},
	{"/v1/incidents", JSON, write_incidents},
	{NULL, NULL, NULL},
};

static int adopt(struct http *http, struct failure *failure)
{
	int count = sd_listen_fds(1), r = 0;

	for (int i = 0; r == 0 && i < count; i++)
		r = http_adopt(http, SD_LISTEN_FDS_START + i, failure);
	return r;
}

int watch_serve(struct watch *w, struct failure *failure)
{
	const struct config *c = w->config;
	int r;

	if (http_new(&w->http, w->session.loop, routes, w, &http_patience) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	r = adopt(w->http, failure);
	return r < 0 ? r : http_listen(w->http, c->listen, c->listen_count, failure);
}
