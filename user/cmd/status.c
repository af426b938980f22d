// SPDX-License-Identifier: GPL-2.0-only
/* synhole status: what the daemon knows now, asked over its Unix socket. */
#include "base/cleanup.h"
#include "cmd/commands.h"
#include "cmd/config.h"
#include "cmd/status_text.h"
#include "cmd/text.h"
#include "io/fetch.h"

#include <errno.h>
#include <string.h>

/* Where the daemon of this configuration can be asked: its first Unix socket. */
static int find_socket(const struct config *config, char *ret_path, size_t size,
		       struct failure *failure)
{
	for (size_t i = 0; i < config->listen_count; i++) {
		if (strncmp(config->listen[i], "unix:", 5) != 0)
			continue;
		snprintf(ret_path, size, "%s", config->listen[i] + 5);
		return 0;
	}
	return failure_set(failure, -ENOENT,
			   "the daemon cannot be asked: \"listen\" in its configuration has no "
			   "Unix socket; add \"" CONFIG_LISTEN_UNIX "\"");
}

static int choose_socket(const struct options *o, char *ret_path, size_t size,
			 struct failure *failure)
{
	cleanup(config_free) struct config *config = NULL;
	int r;

	if (o->socket) {
		snprintf(ret_path, size, "%s", o->socket);
		return 0;
	}
	r = config_of(&config, o, failure);
	return r < 0 ? r : find_socket(config, ret_path, size, failure);
}

static int ask(const struct options *o, json_t **ret_document, struct failure *failure)
{
	autofree char *text = NULL;
	char socket[256];
	json_error_t error;
	json_t *document;
	size_t size;
	int r = choose_socket(o, socket, sizeof(socket), failure);

	r = r < 0 ? r : fetch(socket, "/v1/status", &text, &size, failure);
	if (r < 0)
		return r;
	document = json_loadb(text, size, 0, &error);
	if (!document || !status_text_knows(document)) {
		json_decref(document);
		return failure_set(failure, -EPROTO,
				   "what answers at %s is no daemon of this program, or of another "
				   "version",
				   socket);
	}
	*ret_document = document;
	return 0;
}

static int run(const struct options *o)
{
	struct failure failure = {0};
	json_t *document;
	int status;

	if (ask(o, &document, &failure) < 0) {
		text_complain("%s", failure.text);
		return EXIT_UNKNOWN;
	}
	if (o->json)
		json_dumpf(document, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
	else
		status_text(stdout, document);
	if (o->json)
		putchar('\n');
	status = status_text_exit(document);
	json_decref(document);
	return status;
}

const struct command command_status = {
	.name = "status",
	.summary = "ask the daemon what it knows now",
	.about = "Asks the daemon (synhole watch) over its Unix socket: which interfaces it\n"
		 "watches and how, the incidents that are open, what else is not in order, the\n"
		 "names and who has their addresses, and what was lost. Needs to be root, or a\n"
		 "member of the socket's group. Exit status: the worst of what it says; 3 if it\n"
		 "cannot be asked.",
	.examples = "  synhole status\n  synhole status --json\n",
	.takes = TAKES(OPT_CONFIG) | TAKES(OPT_SOCKET) | TAKES(OPT_JSON) | TAKES(OPT_HELP) |
		 TAKES(OPT_VERSION),
	.run = run,
};
