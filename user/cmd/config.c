// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration.
 *
 * Each value is looked at while libconfuse reads it, since only then the line is known; and what
 * the command line could say as well is read by the options' own readers.
 */
#include "cmd/config.h"

#include "base/cleanup.h"
#include "cmd/option_rows.h"
#include "cmd/text.h"
#include "io/dns_name.h"

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libconfuse's callbacks carry no data of ours. */
static struct {
	struct failure *failure;
	bool said;
} reading;

static int say(cfg_t *cfg, const char *sentence)
{
	if (reading.said)
		return -1;
	reading.said = true;
	failure_set(reading.failure, -EINVAL, "%s:%d: %s", cfg->filename ? cfg->filename : "?",
		    cfg->line, sentence);
	return -1;
}

static void __attribute__((format(printf, 2, 0)))
on_error(cfg_t *cfg, const char *format, va_list args)
{
	char sentence[256];

	vsnprintf(sentence, sizeof(sentence), format, args);
	say(cfg, sentence);
}

/* The value that was read last: of a list the last one. */
static const char *last_text(cfg_opt_t *opt)
{
	unsigned n = cfg_opt_size(opt);

	return n ? cfg_opt_getnstr(opt, n - 1) : "";
}

static int look_as_option(cfg_t *cfg, enum option_id id, const char *value)
{
	static struct options ignored;
	struct failure why = {0};
	const char *sentence = why.text;

	ignored = (struct options){0};
	if (option_rows[id].read(&ignored, value, &why) == 0)
		return 0;
	return say(cfg, strncmp(sentence, "--", 2) == 0 ? sentence + 2 : sentence);
}

static int on_interface(cfg_t *cfg, cfg_opt_t *opt)
{
	return look_as_option(cfg, OPT_INTERFACE, last_text(opt));
}

static int on_attach(cfg_t *cfg, cfg_opt_t *opt)
{
	return look_as_option(cfg, OPT_ATTACH, last_text(opt));
}

static int on_table(cfg_t *cfg, cfg_opt_t *opt)
{
	return look_as_option(cfg, OPT_TABLE, last_text(opt));
}

static int on_dns(cfg_t *cfg, cfg_opt_t *opt)
{
	return look_as_option(cfg, OPT_DNS, last_text(opt));
}

static int on_elsewhere(cfg_t *cfg, cfg_opt_t *opt)
{
	return look_as_option(cfg, OPT_ELSEWHERE, last_text(opt));
}

static int on_alias(cfg_t *cfg, cfg_opt_t *opt)
{
	return look_as_option(cfg, OPT_ALIAS, last_text(opt));
}

static int on_name(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *name = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	autofree char *normal = NULL;
	struct failure why;
	const char *title = cfg_title(name);

	return dns_name_normal(title, &normal, &why) < 0 ? say(cfg, why.text) : 0;
}

/* A century of days: more nanoseconds than that and some would be more than 64 bits hold. */
#define KEEP_MAX 36500

static int on_number(cfg_t *cfg, cfg_opt_t *opt)
{
	const long most = strcmp(cfg_opt_name(opt), "keep") == 0 ? KEEP_MAX : 1000000000;
	long n = cfg_opt_getnint(opt, 0);
	char sentence[128];

	if (n >= 1 && n <= most)
		return 0;
	snprintf(sentence, sizeof(sentence), "%s = %ld is not from 1 to %ld", cfg_opt_name(opt), n,
		 most);
	return say(cfg, sentence);
}

static int on_listen(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = last_text(opt), *colon = strrchr(value, ':');
	char sentence[256];
	char *end;
	long port;

	if (strncmp(value, "unix:/", 6) == 0)
		return 0;
	port = colon ? strtol(colon + 1, &end, 10) : 0;
	if (colon && colon != value && colon[1] && !*end && port >= 1 && port <= 65535)
		return 0;
	snprintf(sentence, sizeof(sentence),
		 "listen \"%.64s\" is neither ADDRESS:PORT nor unix:/PATH", value);
	return say(cfg, sentence);
}

static int on_alertmanager(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = last_text(opt);
	char sentence[256];

	if (strncmp(value, "http://", 7) == 0 || strncmp(value, "https://", 8) == 0)
		return 0;
	snprintf(sentence, sizeof(sentence),
		 "alertmanager \"%.64s\" is no URL that begins with http:// or https://", value);
	return say(cfg, sentence);
}

static int on_exec(cfg_t *cfg, cfg_opt_t *opt)
{
	char sentence[256];

	if (!*last_text(opt) || *last_text(opt) == '/')
		return 0;
	snprintf(sentence, sizeof(sentence), "exec \"%.64s\" is no path that begins with /",
		 last_text(opt));
	return say(cfg, sentence);
}

/* libconfuse takes them for variable, but leaves them as they are. */
static char none[] = "{}";
static char both[] = "{\"" CONFIG_LISTEN_TCP "\", \"" CONFIG_LISTEN_UNIX "\"}";

static cfg_opt_t name_words[] = {
	CFG_BOOL("mx", cfg_false, CFGF_NONE),
	CFG_BOOL("srv", cfg_false, CFGF_NONE),
	CFG_END(),
};

static cfg_opt_t words[] = {
	CFG_STR_LIST("interfaces", none, CFGF_NONE),
	CFG_STR("attach", "auto", CFGF_NONE),
	CFG_STR("table", NULL, CFGF_NODEFAULT),
	CFG_STR_LIST("dns", none, CFGF_NONE),
	CFG_SEC("name", name_words, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
	CFG_STR_LIST("elsewhere", none, CFGF_NONE),
	CFG_STR_LIST("alias", none, CFGF_NONE),
	CFG_BOOL("ptr", cfg_true, CFGF_NONE),
	CFG_INT("refresh", 60, CFGF_NONE),
	CFG_STR("store", CONFIG_STORE, CFGF_NONE),
	CFG_STR("evidence", "", CFGF_NONE),
	CFG_INT("keep", 90, CFGF_NONE),
	CFG_STR_LIST("listen", both, CFGF_NONE),
	CFG_STR_LIST("alertmanager", none, CFGF_NONE),
	CFG_STR("exec", "", CFGF_NONE),
	CFG_INT("quiet", 300, CFGF_NONE),
	CFG_END(),
};

static const struct {
	const char *name;
	cfg_validate_callback_t look;
} looks[] = {
	{"interfaces", on_interface}, {"attach", on_attach}, {"dns", on_dns},
	{"elsewhere", on_elsewhere},  {"alias", on_alias},   {"name", on_name},
	{"refresh", on_number},	      {"keep", on_number},   {"quiet", on_number},
	{"listen", on_listen},	      {"exec", on_exec},     {"alertmanager", on_alertmanager},
	{"table", on_table},
};

static size_t take_list(cfg_t *cfg, const char *name, const char *ret_list[OPTIONS_LIST_MAX])
{
	size_t n = cfg_size(cfg, name);

	n = n < OPTIONS_LIST_MAX ? n : OPTIONS_LIST_MAX;
	for (size_t i = 0; i < n; i++)
		ret_list[i] = cfg_getnstr(cfg, name, (unsigned)i);
	return n;
}

/* Each value has been looked at; that there are too many is seen only now. */
static int take_options(struct config *c, cfg_t *cfg, const char *name, enum option_id id,
			struct failure *failure)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < cfg_size(cfg, name); i++)
		r = option_rows[id].read(&c->options, cfg_getnstr(cfg, name, i), failure);
	return r;
}

static int take_names(struct config *c, cfg_t *cfg, struct failure *failure)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < cfg_size(cfg, "name"); i++) {
		cfg_t *name = cfg_getnsec(cfg, "name", i);

		r = option_rows[OPT_NAME].read(&c->options, cfg_title(name), failure);
		if (r == 0 && cfg_getbool(name, "mx"))
			r = option_rows[OPT_MX].read(&c->options, cfg_title(name), failure);
		if (r == 0 && cfg_getbool(name, "srv"))
			r = option_rows[OPT_SRV].read(&c->options, cfg_title(name), failure);
	}
	return r;
}

static int take_values(struct config *c, cfg_t *cfg, struct failure *failure)
{
	int r = take_options(c, cfg, "interfaces", OPT_INTERFACE, failure);

	r = r < 0 ? r : take_options(c, cfg, "attach", OPT_ATTACH, failure);
	r = r < 0 ? r : take_options(c, cfg, "table", OPT_TABLE, failure);
	r = r < 0 ? r : take_options(c, cfg, "dns", OPT_DNS, failure);
	r = r < 0 ? r : take_options(c, cfg, "elsewhere", OPT_ELSEWHERE, failure);
	r = r < 0 ? r : take_options(c, cfg, "alias", OPT_ALIAS, failure);
	r = r < 0 ? r : take_names(c, cfg, failure);
	c->options.no_ptr = !cfg_getbool(cfg, "ptr");
	c->refresh = (unsigned)cfg_getint(cfg, "refresh");
	if (c->refresh < CONFIG_REFRESH_MIN)
		c->refresh = CONFIG_REFRESH_MIN;
	c->store = cfg_getstr(cfg, "store");
	c->evidence = cfg_getstr(cfg, "evidence");
	c->keep = (unsigned)cfg_getint(cfg, "keep");
	c->listen_count = take_list(cfg, "listen", c->listen);
	c->alertmanager_count = take_list(cfg, "alertmanager", c->alertmanagers);
	c->exec = cfg_getstr(cfg, "exec");
	c->quiet = (unsigned)cfg_getint(cfg, "quiet");
	return r;
}

/* libconfuse takes a directory for an empty file. */
static int parse(cfg_t *cfg, const char *path, struct failure *failure)
{
	cleanup(close_file) FILE *file = path ? fopen(path, "re") : NULL;
	int r;

	if (path && !file)
		return failure_set(failure, -errno, "cannot read %s: %s", path, strerror(errno));
	if (file && fgetc(file) == EOF && ferror(file))
		return failure_set(failure, -EISDIR, "cannot read %s: it is no file", path);
	if (file)
		rewind(file);
	cfg->filename = path ? strdup(path) : NULL;
	r = file ? cfg_parse_fp(cfg, file) : cfg_parse_buf(cfg, "");
	if (r == CFG_SUCCESS)
		return 0;
	if (!reading.said)
		failure_set(failure, -EINVAL, "%s: this is no configuration", path ? path : "");
	return -EINVAL;
}

int config_read(struct config **ret_config, const char *path, struct failure *failure)
{
	cleanup(config_free) struct config *c = calloc(1, sizeof(*c));
	cfg_t *cfg = c ? cfg_init(words, CFGF_NONE) : NULL;
	int r;

	if (!cfg)
		return failure_set(failure, -ENOMEM, "out of memory");
	c->file = cfg;
	reading.failure = failure;
	reading.said = false;
	cfg_set_error_function(cfg, on_error);
	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++)
		cfg_set_validate_func(cfg, looks[i].name, looks[i].look);
	r = parse(cfg, path, failure);
	r = r < 0 ? r : take_values(c, cfg, failure);
	if (r == 0)
		*ret_config = take_ptr(c);
	return r;
}

void config_free(struct config **config)
{
	if (!*config)
		return;
	if ((*config)->file)
		cfg_free((*config)->file);
	free(*config);
	*config = NULL;
}

int config_of(struct config **ret_config, const struct options *o, struct failure *failure)
{
	int r = config_read(ret_config, o->config ? o->config : CONFIG_FILE, failure);

	return r == -ENOENT && !o->config ? config_read(ret_config, NULL, failure) : r;
}
