/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The join: the ears of io/ wired to the engine, on one loop.
 *
 * What goes wrong in part (an interface, a name, the listeners) is said once on standard error and
 * makes the result at best "unknown"; the rest goes on.
 */
#ifndef SYNHOLE_CMD_SESSION_H
#define SYNHOLE_CMD_SESSION_H

#include "cmd/recording.h"
#include "cmd/options.h"
#include "io/groups.h"
#include "io/rtnl.h"

#define SESSION_INTERFACES_MAX 1024
#define SESSION_STRAYS_MAX 64

/* An interface that was asked for; `error` is "" where it could be attached. */
struct session_interface {
	char name[16];
	uint32_t ifindex;
	bool attached, gone;
	uint64_t received; /* frames that the kernel had received when it was attached */
	struct failure error;
	struct counters recorded; /* of a replay: what its recordings held */
};

struct session {
	const struct options *options;
	sd_event *loop;
	struct engine *engine;
	struct rtnl *rtnl;
	struct resolver *resolver;	 /* NULL: nothing is asked */
	struct session_records *records; /* what session_records() has been told */
	struct probe *probe;		 /* NULL: nothing is watched */
	struct recording *recording;	 /* NULL: no packets are kept */
	struct groups *groups;		 /* NULL: askings are heard as the network card pleases */
	struct session_interface interfaces[SESSION_INTERFACES_MAX];
	size_t interface_count;
	when_t started, attached, ended;
	struct addr strays[SESSION_STRAYS_MAX]; /* whose names were asked */
	size_t stray_count;
	bool replayed;		     /* recordings are heard, not interfaces */
	struct incident **incidents; /* ... and the incidents that they would have made */
	size_t incident_count;
	struct counters losses;	   /* ... and this is what found no room */
	const char *host, *kernel; /* of the recorded host; NULL: this one's */
	bool outdated;	    /* names point elsewhere now: the programs are told at the next look */
	bool deaf;	    /* a group could not be joined, and that was said */
	bool drops_watched; /* the kernel tells which SYNs it drops */
	bool reasons_told;  /* ... and what it calls its reasons */
	bool trouble;	    /* something could not be looked at */
	bool done;	    /* the time is over, or a signal said so */
	bool interrupted;   /* ... a signal */
	bool lasting;	    /* a daemon's: strangers are only summed, SIGHUP does not end it */
	bool reload;	    /* SIGHUP has come */
	bool rewire;	    /* links have come or gone: session_rewire() has something to do */
	bool changed;	    /* what is owned or published, by the input that was heard last */
	/* Where not NULL: hears everything, after the engine has. */
	input_fn *also;
	void *also_data;
};

when_t session_now(void);

/* The engine and the loop, without any ears. */
int session_begin(struct session *session, const struct options *options, struct failure *failure);

/* The same, and netlink is dumped and followed, listeners are dumped. */
int session_open(struct session *session, const struct options *options, struct failure *failure);

/* DNS is asked; the answers are heard as the loop runs. Comes after session_attach(), because the
 * time that DNS has runs from here, and loading programs takes some. */
int session_ask(struct session *session, struct failure *failure);

/* The programs are loaded and attached to the interfaces; -errno if to none of them. */
int session_attach(struct session *session, struct failure *failure);

/* Runs the loop for `usec` microseconds, or until SIGINT or SIGTERM. */
int session_run(struct session *session, uint64_t usec);

/* Runs the loop until every DNS question has been answered or has failed (the resolver bounds
 * that), or until the next signal. 0, or -errno. */
int session_wait_for_names(struct session *session);

/* Asks DNS for the names of addresses that nobody publishes, as far as is known, and that real
 * clients call in vain; waits for the answers. A name that points back makes its address a
 * published one. Nothing is asked with --no-ptr or --no-dns. That it cannot be asked is said, and
 * does not end the capture. */
void session_ask_back(struct session *session);

/* Asks for the names of one address, once; those that point back make it a published one. Of more
 * than SESSION_STRAYS_MAX the first ones give way. Nothing is asked with --no-ptr or --no-dns. */
int session_ask_reverse(struct session *session, const struct addr *a, struct failure *failure);

/* Other options from now on: of names nothing is asked here. Interfaces that are no longer meant
 * are let go, the others are counted on. */
void session_set_options(struct session *session, const struct options *options);

/* Attaches again what somebody has taken off. */
void session_check_hooks(struct session *session);

/* Attaches what is meant and is not attached: an interface that has come, or that came back. */
void session_rewire(struct session *session);

/* Takes a snapshot of the counts and asks the kernel what the judgement needs. */
void session_look(struct session *session);

/* The same of one destination only: of the counts there are no others then, until the next look. */
void session_look_at(struct session *session, const struct addr *address);

/* Has each interface's program seen what the kernel has received meanwhile? Says of which not: a
 * program may have been detached behind our back, and some hardware merges frames past it. */
void session_self_test(struct session *session);

/* What one of the interfaces has seen, and by which hook (NULL: of a recording); false: nothing
 * could be. */
struct session_seen {
	const char *hook;
	struct counters counters;
};
bool session_seen(const struct session *session, size_t i, struct session_seen *ret_seen);

/* Of a replay: what all recordings held, and what found no room. */
struct counters session_recorded(const struct session *session);

void session_close(struct session *session);

#endif
