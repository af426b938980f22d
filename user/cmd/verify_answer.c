// SPDX-License-Identifier: GPL-2.0-only
/* Verify: does something listen, and is it answered? */
#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/text.h"
#include "cmd/verify.h"
#include "core/judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* Two repeats of a SYN that was lost fit in; a host that is there answers in microseconds. */
#define CALL_MSEC 2500

static struct verify_call *add_port(struct verify_target *t, uint16_t port)
{
	for (size_t i = 0; i < t->call_count; i++)
		if (t->calls[i].port == port)
			return NULL;
	if (t->call_count == VERIFY_PORTS_MAX) {
		t->more_ports = true;
		return NULL;
	}
	t->calls[t->call_count] = (struct verify_call){.port = port, .fd = -1};
	return &t->calls[t->call_count++];
}

static int by_port(const void *a, const void *b)
{
	const struct verify_call *x = a, *y = b;

	return x->port - y->port;
}

/* Those that were asked for, else all that are listened at. */
void verify_find_ports(struct verify *v, struct verify_target *t)
{
	const struct engine *e = v->session->engine;
	const struct options *o = v->session->options;

	for (uint32_t port = 1; o->ports_given && port <= UINT16_MAX; port++)
		if (options_wants_port(o, (uint16_t)port))
			add_port(t, (uint16_t)port);
	for (size_t i = 0; !o->ports_given && i < e->listener_count; i++) {
		uint16_t port = e->listeners[i].port;

		if (engine_listens(e, &t->address, port, 0, NULL) == FACT_YES)
			add_port(t, port);
	}
	qsort(t->calls, t->call_count, sizeof(t->calls[0]), by_port);
	for (size_t i = 0; i < t->call_count; i++)
		t->calls[i].listened =
			engine_listens(e, &t->address, t->calls[i].port, 0, NULL) == FACT_YES;
}

static void end_call(struct verify_call *call, int error)
{
	sd_event_source_disable_unref(call->source);
	call->source = NULL;
	call->error = error;
	close_fd(&call->fd);
	call->verify->calls_open--;
}

static int on_call(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct verify_call *call = data;
	struct verify *v = call->verify;
	int error = ETIMEDOUT;
	socklen_t size = sizeof(error);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	end_call(call, error);
	if (!v->calls_open)
		v->session->done = true;
	return 0;
}

static bool is_callable(const struct verify *v, const struct verify_target *t)
{
	return !t->elsewhere &&
	       hostaddr_owned(v->session->engine->host, &t->address, NULL) == OWNED_YES;
}

static void begin_call(struct verify *v, const struct verify_target *t, struct verify_call *call,
		       struct rtnl_guest *guest)
{
	int r = rtnl_guest_call(guest, &t->address, call->port, &call->fd);

	if (r < 0) { /* a family that the namespace has not */
		failure_set(&v->absent, r,
			    "cannot call it from a network namespace beside this host: %s",
			    strerror(-r));
		return;
	}
	call->made = true;
	call->verify = v;
	call->error = ETIMEDOUT;
	v->calls_open++;
	r = sd_event_add_io(v->session->loop, &call->source, call->fd, EPOLLOUT, on_call, call);
	if (r < 0)
		end_call(call, -r);
}

void verify_call(struct verify *v)
{
	cleanup(rtnl_guest_free) struct rtnl_guest *guest = NULL;

	if (rtnl_guest_new(&guest, &v->absent) < 0)
		return;
	for (size_t i = 0; i < v->target_count; i++) {
		struct verify_target *t = &v->targets[i];

		for (size_t k = 0; is_callable(v, t) && k < t->call_count; k++)
			if (t->calls[k].listened)
				begin_call(v, t, &t->calls[k], guest);
	}
	if (v->calls_open && !v->session->interrupted)
		session_run(v->session, CALL_MSEC * 1000);
	for (size_t i = 0; i < v->target_count; i++)
		for (size_t k = 0; k < v->targets[i].call_count; k++)
			if (v->targets[i].calls[k].source)
				end_call(&v->targets[i].calls[k], ETIMEDOUT);
}

/* What was judged of the calls from outside: of each interface by which some came in. */
struct outside {
	const struct addr *address;
	uint64_t syns;
	bool served, waits; /* answered; real clients that were not */
	struct judgement judgement;
};

static bool is_target(void *data, const struct finding *f)
{
	const struct outside *o = data;

	return address_equal(&f->address, o->address) && f->called.count;
}

static void note_finding(void *data, const struct finding *f)
{
	struct outside *o = data;

	o->syns += f->called.syns;
	o->served |= f->judgement.verdict == VERDICT_SERVED;
	if (f->judgement.severity >= SEVERITY_WARNING) {
		o->waits = true;
		o->judgement = f->judgement;
	}
}

static struct outside look_outside(const struct verify *v, const struct verify_target *t)
{
	struct outside o = {.address = &t->address};

	judge_all(v->session->engine, v->session->ended, 0, is_target, note_finding, &o);
	return o;
}

/* Has a firewall been seen to drop what was sent to this address? */
static bool firewall_drops(const struct verify *v, const struct verify_target *t)
{
	const struct engine *e = v->session->engine;
	struct evidence evidence = counts_evidence(&e->counts, &t->address, 0);

	for (size_t i = 0; i < evidence.drop_count; i++)
		if (reasons_is_firewall(&e->reasons, evidence.drops[i].port))
			return true;
	return false;
}

/* Does the program leave its calls waiting? The kernel turns away those beyond its queue. */
static bool queue_is_full(const struct verify *v, const struct verify_target *t, uint16_t port)
{
	const struct input_listener *listener = NULL;

	engine_listens(v->session->engine, &t->address, port, 0, &listener);
	return listener && listener->queued > listener->backlog;
}

/* "port 993 (imaps)" */
static const char *port_words(uint16_t port, char words[static 64])
{
	const char *service = text_service(port);

	snprintf(words, 64, "port %u%s%.32s%s", port, service ? " (" : "", service ? service : "",
		 service ? ")" : "");
	return words;
}

static void look_at_listener(struct verify_target *t, const struct verify_call *call,
			     bool listeners_known)
{
	char port[64];

	port_words(call->port, port);
	if (call->listened)
		checklist_say(&t->list, CHECK_LISTENING, call->port, CHECK_OK,
			      "something listens on %s", port);
	else if (listeners_known)
		checklist_say(&t->list, CHECK_LISTENING, call->port, CHECK_CRITICAL,
			      "nothing listens on %s at this address", port);
	else
		checklist_say(&t->list, CHECK_LISTENING, call->port, CHECK_UNKNOWN,
			      "the kernel did not say whether anything listens on %s", port);
}

/* A listener that refuses is none: something before it does. */
static void look_at_filter(const struct verify *v, struct verify_target *t,
			   const struct verify_call *call)
{
	struct checklist *list = &t->list;
	char port[64];

	port_words(call->port, port);
	if (checklist_waits(list, CHECK_UNFILTERED, call->port))
		return;
	if (!call->made)
		checklist_say(list, CHECK_UNFILTERED, call->port, CHECK_UNKNOWN, "%s",
			      v->absent.text);
	else if (call->error == 0)
		checklist_say(list, CHECK_UNFILTERED, call->port, CHECK_OK,
			      "no firewall of this host stands before %s", port);
	else if (call->error == ETIMEDOUT && firewall_drops(v, t))
		checklist_say(list, CHECK_UNFILTERED, call->port, CHECK_CRITICAL,
			      "a firewall of this host drops what is sent to it on %s: nft list "
			      "ruleset shows its rules",
			      port);
	else if (call->error != ETIMEDOUT)
		checklist_say(list, CHECK_UNFILTERED, call->port, CHECK_CRITICAL,
			      "something listens on %s, and yet calls are refused (%s), as by a "
			      "firewall of this host: nft list ruleset shows its rules",
			      port, strerror(call->error));
	else if (v->blind.text[0])
		checklist_say(list, CHECK_UNFILTERED, call->port, CHECK_UNKNOWN,
			      "whether a firewall drops what is sent to %s cannot be told: %s",
			      port, v->blind.text);
	else
		checklist_say(list, CHECK_UNFILTERED, call->port, CHECK_OK,
			      "no firewall was seen to drop what is sent to %s", port);
}

static void look_at_call(const struct verify *v, struct verify_target *t,
			 const struct verify_call *call)
{
	char port[64];

	port_words(call->port, port);
	if (checklist_waits(&t->list, CHECK_ANSWERED, call->port))
		return;
	if (!call->made)
		checklist_say(&t->list, CHECK_ANSWERED, call->port, CHECK_UNKNOWN, "%s",
			      v->absent.text);
	else if (call->error == 0)
		checklist_say(&t->list, CHECK_ANSWERED, call->port, CHECK_OK,
			      "a call to %s from a network namespace beside this host was answered",
			      port);
	else
		checklist_say(
			&t->list, CHECK_ANSWERED, call->port, CHECK_CRITICAL,
			"a call to %s from a network namespace beside this host was not "
			"answered within %.1f s%s",
			port, CALL_MSEC / 1000.0,
			queue_is_full(v, t, call->port)
				? ": the program that listens takes no calls, its queue is full"
				: "");
}

/* What real clients meet is the better proof, either way. */
static void look_at_clients(const struct verify *v, struct verify_target *t)
{
	struct outside o = look_outside(v, t);
	double seconds = (double)v->session->options->duration / 1e6;

	if (v->blind.text[0] || checklist_missing(&t->list, CHECK_ANSWERED, 0) != CHECK_STEPS)
		return;
	if (o.waits)
		checklist_say(&t->list, CHECK_ANSWERED, 0, CHECK_CRITICAL,
			      "%llu calls came from outside within %.1f s, and clients among them "
			      "were not answered (%s): synhole explain tells why",
			      (unsigned long long)o.syns, seconds,
			      verdict_name(o.judgement.verdict));
	else if (o.served)
		checklist_say(&t->list, CHECK_ANSWERED, 0, CHECK_OK,
			      "calls that came from outside within %.1f s (%llu) were answered",
			      seconds, (unsigned long long)o.syns);
	else
		checklist_say(&t->list, CHECK_ANSWERED, 0, CHECK_NOTE,
			      "nobody called from outside within %.1f s", seconds);
}

void verify_look_at_answers(struct verify *v, struct verify_target *t)
{
	bool known = v->session->engine->listeners_known;

	if (!t->call_count)
		checklist_say(&t->list, CHECK_LISTENING, 0, known ? CHECK_WARNING : CHECK_UNKNOWN,
			      known ? "nothing listens at this address, on any port"
				    : "the kernel did not say what listens");
	for (size_t i = 0; i < t->call_count; i++)
		look_at_listener(t, &t->calls[i], known);
	if (t->more_ports)
		checklist_say(
			&t->list, CHECK_LISTENING, 0, CHECK_NOTE,
			"only the first %d ports are looked at: --port names those that matter",
			VERIFY_PORTS_MAX);
	for (size_t i = 0; i < t->call_count; i++)
		look_at_filter(v, t, &t->calls[i]);
	for (size_t i = 0; i < t->call_count; i++)
		look_at_call(v, t, &t->calls[i]);
	look_at_clients(v, t);
}
