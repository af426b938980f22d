// SPDX-License-Identifier: GPL-2.0-only
/* What Prometheus reads. */
#include "cmd/metrics.h"

#include "cmd/metrics_names.h"
#include "cmd/metrics_text.h"
#include "cmd/report.h"
#include "io/usage.h"

#include <string.h>

/* ---- interfaces */

enum of_interface { FRAMES, SYNS, UNPARSED, HOOK };

static double value_of(const struct probe_interface *f, enum of_interface what)
{
	switch (what) {
	case FRAMES:
		return (double)f->counters.frames;
	case SYNS:
		return (double)f->counters.syns;
	case UNPARSED:
		return (double)f->counters.unparsed;
	default:
		return 1;
	}
}

static void write_samples(FILE *out, const struct probe *probe, const char *name,
			  enum of_interface what)
{
	struct probe_interface f;

	for (size_t i = 0; probe && probe_interface(probe, i, &f); i++) {
		char labels[256] = "";

		metrics_label(labels, sizeof(labels), "interface", f.name);
		if (what == HOOK)
			metrics_label(labels, sizeof(labels), "hook", probe_hook_name(f.hook));
		metrics_sample(out, name, labels, value_of(&f, what));
	}
}

static void write_interfaces(FILE *out, const struct probe *probe)
{
	static const struct {
		const char *name, *type, *help;
	} families[] = {
		[FRAMES] = {"synhole_frames_total", "counter", "Frames that came in."},
		[SYNS] = {"synhole_syns_total", "counter",
			  "Connection attempts (TCP SYNs) that came in."},
		[UNPARSED] = {"synhole_unparsed_frames_total", "counter",
			      "Frames that were malformed, or out of reach of the parser."},
		[HOOK] = {"synhole_hook_info", "gauge", "How the interface is watched; always 1."},
	};

	for (unsigned i = 0; i < sizeof(families) / sizeof(*families); i++) {
		metrics_family(out, families[i].name, families[i].type, families[i].help);
		write_samples(out, probe, families[i].name, (enum of_interface)i);
	}
}

/* ---- incidents: all verdicts that can be one's are told from the start, so that none is missed
 * because its series begins with it */

static const enum verdict faults[] = {
	VERDICT_BLACKHOLE,
	VERDICT_UNUSABLE,
	VERDICT_MUTE,
	VERDICT_STRAY,
};

static void write_by_verdict(FILE *out, const char *name, const char *type, const char *help,
			     const uint64_t counts[VERDICTS])
{
	metrics_family(out, name, type, help);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		char labels[64] = "";

		metrics_label(labels, sizeof(labels), "verdict", verdict_name(faults[i]));
		metrics_sample(out, name, labels, (double)counts[faults[i]]);
	}
}

static void write_incidents(FILE *out, const struct metrics *m)
{
	const struct incident *in;
	uint64_t open[VERDICTS] = {0};

	for (size_t i = 0; m->incidents && (in = incidents_at(m->incidents, i)); i++)
		open[in->verdict] += in->end == END_NONE;
	write_by_verdict(out, "synhole_incidents_open", "gauge", "Incidents that are open.", open);
	write_by_verdict(out, "synhole_incidents_total", "counter",
			 "Incidents that were opened since the start.", m->counters->incidents);
	metrics_number(out, "synhole_incidents_dropped_total", "counter",
		       "Incidents that found no room.",
		       m->incidents ? (double)incidents_dropped(m->incidents) : 0);
}

/* ---- the rest */

static void write_losses(FILE *out, const struct session *s)
{
	struct counters c = report_counters(s);

	metrics_number(out, "synhole_unattributed_syns_total", "counter",
		       "Connection attempts that were counted, but for no destination.",
		       (double)c.unattributed);
	metrics_number(out, "synhole_events_lost_total", "counter",
		       "Connection attempts that were counted, but not seen one by one: they came "
		       "too fast.",
		       (double)c.events_lost);
	metrics_number(out, "synhole_netlink_resyncs_total", "counter",
		       "How often changes of the host came too fast and all was read again.",
		       s->rtnl ? (double)rtnl_resyncs(s->rtnl) : 0);
	metrics_number(out, "synhole_entries_left_out", "gauge",
		       "Addresses, routes, names and callers that found no room in memory.",
		       (double)engine_dropped(s->engine));
}

static void write_counters(FILE *out, const struct daemon_counters *c)
{
	metrics_number(out, "synhole_strangers", "gauge",
		       "Destinations that are called, and neither on this host nor published.",
		       (double)c->strangers);
	metrics_number(out, "synhole_stranger_syns_total", "counter",
		       "Connection attempts to those.", (double)c->stranger_syns);
	metrics_number(out, "synhole_store_errors_total", "counter",
		       "How often incidents could not be written to the store.",
		       (double)c->store_errors);
	metrics_number(out, "synhole_alerts_failed_total", "counter",
		       "How often an Alertmanager could not be told.", (double)c->alerts_failed);
	metrics_number(out, "synhole_alerts_dropped_total", "counter",
		       "Alerts that found no room while an Alertmanager could not be told.",
		       (double)c->alerts_dropped);
	metrics_number(out, "synhole_hooks_failed_total", "counter",
		       "Runs of the program of \"exec\" that failed.", (double)c->hooks_failed);
	metrics_number(out, "synhole_hooks_dropped_total", "counter",
		       "Runs of the program of \"exec\" that were left out: too many waited.",
		       (double)c->hooks_dropped);
}

static void write_process(FILE *out)
{
	struct usage u;

	if (usage_read(&u) < 0)
		return;
	metrics_number(out, "process_cpu_seconds_total", "counter",
		       "Time that this process has used a CPU, in seconds.", u.cpu_seconds);
	metrics_number(out, "process_start_time_seconds", "gauge",
		       "When this process started, in seconds since 1970.", u.started);
	metrics_number(out, "process_resident_memory_bytes", "gauge",
		       "Memory that this process holds.", (double)u.resident_bytes);
	metrics_number(out, "process_virtual_memory_bytes", "gauge",
		       "Addresses that this process has mapped.", (double)u.virtual_bytes);
	metrics_number(out, "process_open_fds", "gauge", "Open file descriptors.",
		       (double)u.open_fds);
	metrics_number(out, "process_max_fds", "gauge", "How many file descriptors may be open.",
		       (double)u.max_fds);
}

void metrics_write(FILE *out, const struct metrics *m)
{
	char labels[128] = "";

	metrics_family(out, "synhole_build_info", "gauge", "The version that runs; always 1.");
	metrics_label(labels, sizeof(labels), "version", SYNHOLE_VERSION);
	metrics_sample(out, "synhole_build_info", labels, 1);
	write_interfaces(out, m->session->probe);
	write_losses(out, m->session);
	metrics_write_names(out, m->session, session_now());
	write_incidents(out, m);
	write_counters(out, m->counters);
	write_process(out);
}
