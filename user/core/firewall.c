// SPDX-License-Identifier: GPL-2.0-only
/* What nftables' rules do with a new TCP connection from the Internet. */
#include "core/firewall.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "core/firewall_match.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Jumps nest so deep in the kernel (NFT_JUMP_STACK_SIZE), and no questions may take for ever. */
#define DEPTH_MAX 16
#define STEPS_MAX 2000000

/* What may become of the packet: any of these. */
enum { ACCEPT = 1, DROP = 2, GO_ON = 4, RETURN = 8 };

struct firewall {
	json_t *root;
	const json_t *list;
	json_t *sets;	/* as firewall_match() wants them */
	json_t *chains; /* {"TABLE\nCHAIN": [RULE...]} */
	unsigned steps; /* rules looked at, by all questions */
};

struct walk {
	struct firewall *firewall;
	struct firewall_packet packet;
	unsigned depth;
};

static const char *member(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

/* Tables of different families may have one name. */
static void table_of(const json_t *o, char ret_table[static 200])
{
	snprintf(ret_table, 200, "%.30s\n%.150s", member(o, "family"), member(o, "table"));
}

static void key_of(const char *table, const char *name, char ret_key[static 512])
{
	snprintf(ret_key, 512, "%s\n%.200s", table, name);
}

static bool keep_set(struct firewall *f, const json_t *set)
{
	json_t *elements = json_object_get(set, "elem");
	char table[200], key[512];

	table_of(set, table);
	key_of(table, member(set, "name"), key);
	return json_object_set_new(f->sets, key, elements ? json_incref(elements) : json_array()) ==
	       0;
}

static bool keep_rule(struct firewall *f, json_t *rule)
{
	char table[200], key[512];
	json_t *rules;

	table_of(rule, table);
	key_of(table, member(rule, "chain"), key);
	rules = json_object_get(f->chains, key);
	if (!rules) {
		rules = json_array();
		if (json_object_set_new(f->chains, key, rules) < 0)
			return false;
	}
	return json_array_append(rules, rule) == 0;
}

/* Finding chains and sets by name is done once, not for each port. */
static bool index_all(struct firewall *f)
{
	json_t *element, *o;
	bool kept = true;
	size_t i;

	json_array_foreach(f->list, i, element)
	{
		if ((o = json_object_get(element, "set")) || (o = json_object_get(element, "map")))
			kept &= keep_set(f, o);
		else if ((o = json_object_get(element, "rule")))
			kept &= keep_rule(f, o);
	}
	return kept;
}

void firewall_free(struct firewall **firewall)
{
	if (!*firewall)
		return;
	json_decref((*firewall)->chains);
	json_decref((*firewall)->sets);
	json_decref((*firewall)->root);
	free(*firewall);
	*firewall = NULL;
}

int firewall_new(struct firewall **ret_firewall, const char *text, size_t size)
{
	cleanup(firewall_free) struct firewall *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->root = json_loadb(text, size, 0, NULL);
	f->list = json_object_get(f->root, "nftables");
	f->sets = json_object();
	f->chains = json_object();
	if (!json_is_array(f->list))
		return -EINVAL;
	if (!f->sets || !f->chains || !index_all(f))
		return -ENOMEM;
	*ret_firewall = take_ptr(f);
	return 0;
}

static unsigned walk_chain(struct walk *w, const char *table, const char *name);

/* A jump comes back where the chain ends, a goto does not. */
static unsigned follow(struct walk *w, const char *table, const json_t *target, bool comes_back)
{
	unsigned may = walk_chain(w, table, member(target, "target"));

	if (!(may & (GO_ON | RETURN)))
		return may;
	return (may & ~(unsigned)(GO_ON | RETURN)) | (comes_back ? GO_ON : RETURN);
}

/* A verdict, or 0 for what is none. */
static unsigned verdict(struct walk *w, const char *table, const json_t *statement)
{
	const json_t *o;

	if (json_object_get(statement, "accept"))
		return ACCEPT;
	if (json_object_get(statement, "drop") || json_object_get(statement, "reject"))
		return DROP;
	if (json_object_get(statement, "return"))
		return RETURN;
	if (json_object_get(statement, "continue"))
		return GO_ON;
	if ((o = json_object_get(statement, "jump")))
		return follow(w, table, o, true);
	if ((o = json_object_get(statement, "goto")))
		return follow(w, table, o, false);
	return 0;
}

/* Each pair whose key may be the packet's, up to the one that is. */
static unsigned verdict_of_map(struct walk *w, const char *table, const json_t *map)
{
	const json_t *left = json_object_get(map, "key"), *data = json_object_get(map, "data"),
		     *pair;
	const char *name = json_string_value(data);
	unsigned may = 0;
	char key[512];
	size_t i;

	if (name && name[0] == '@') {
		key_of(table, name + 1, key);
		data = json_object_get(w->firewall->sets, key);
	} else {
		data = json_object_get(data, "set");
	}
	json_array_foreach(data, i, pair)
	{
		const json_t *wrapped =
			json_object_get(json_object_get(json_array_get(pair, 0), "elem"), "val");
		enum firewall_match m =
			firewall_is(&w->packet, left, wrapped ? wrapped : json_array_get(pair, 0),
				    w->firewall->sets, table);

		if (m != MATCH_NO)
			may |= verdict(w, table, json_array_get(pair, 1));
		if (m == MATCH_YES)
			return may;
	}
	return may | GO_ON;
}

/* Statements that do not decide. What is not among them may do anything. */
static bool is_harmless(const json_t *statement)
{
	static const char *const words[] = {"counter", "log",	  "mangle",    "notrack",
					    "set",     "map",	  "ct helper", "ct timeout",
					    "meter",   "secmark", "flow",      "dup"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (json_object_get(statement, words[i]))
			return true;
	return false;
}

/* Rates, quotas, and what iptables' own matches ask: not known. */
static bool is_condition(const json_t *statement)
{
	static const char *const words[] = {"limit", "quota", "ct count", "xt"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (json_object_get(statement, words[i]))
			return true;
	return false;
}

static unsigned decide(struct walk *w, const char *table, const json_t *statement)
{
	const json_t *map = json_object_get(statement, "vmap");
	unsigned may = map ? verdict_of_map(w, table, map) : verdict(w, table, statement);

	return may || is_harmless(statement) ? may : ACCEPT | DROP | GO_ON;
}

static unsigned walk_rule(struct walk *w, const char *table, const json_t *rule)
{
	const json_t *statements = json_object_get(rule, "expr"), *statement, *o;
	bool maybe = false, decided = false, foreign = false;
	unsigned may = GO_ON;
	size_t i;

	json_array_foreach(statements, i, statement)
	{
		enum firewall_match m = MATCH_YES;
		unsigned one;

		if ((o = json_object_get(statement, "match")))
			m = firewall_match(&w->packet, o, w->firewall->sets, table);
		else if (is_condition(statement))
			m = MATCH_MAYBE;
		else if ((one = decide(w, table, statement)))
			may = one, decided = true;
		if (m == MATCH_NO)
			return GO_ON;
		maybe |= m == MATCH_MAYBE;
		foreign |= json_object_get(statement, "xt") != NULL;
	}
	if (foreign && !decided) /* iptables' own target */
		may = ACCEPT | DROP;
	return maybe ? may | GO_ON : may;
}

/* GO_ON: it may come to its end. */
static unsigned walk_chain(struct walk *w, const char *table, const char *name)
{
	unsigned may = GO_ON;
	const json_t *rule;
	char key[512];
	size_t i;

	if (w->depth == DEPTH_MAX)
		return ACCEPT | DROP;
	key_of(table, name, key);
	w->depth++;
	json_array_foreach(json_object_get(w->firewall->chains, key), i, rule)
	{
		if (++w->firewall->steps > STEPS_MAX)
			may = ACCEPT | DROP;
		if (!(may & GO_ON))
			break;
		may = (may & ~(unsigned)GO_ON) | walk_rule(w, table, rule);
	}
	w->depth--;
	return may;
}

/* Does this base chain see what comes in for this host? */
static bool sees(const json_t *chain, bool v4, const char *link)
{
	const char *hook = member(chain, "hook"), *family = member(chain, "family");

	if (strcmp(family, "netdev") == 0)
		return strcmp(hook, "ingress") == 0 &&
		       (!link || !*member(chain, "dev") || strcmp(member(chain, "dev"), link) == 0);
	if (strcmp(hook, "prerouting") != 0 && strcmp(hook, "input") != 0 &&
	    strcmp(hook, "ingress") != 0)
		return false;
	if (strcmp(member(chain, "type"), "nat") == 0) /* it translates, and lets through */
		return false;
	return strcmp(family, "inet") == 0 || strcmp(family, v4 ? "ip" : "ip6") == 0;
}

bool firewall_has_chains(const struct firewall *f)
{
	const json_t *element;
	size_t i;

	json_array_foreach(f->list, i, element)
	{
		const json_t *chain = json_object_get(element, "chain");

		if (sees(chain, true, NULL) || sees(chain, false, NULL))
			return true;
	}
	return false;
}

static unsigned ask_chain(struct walk *w, const json_t *chain)
{
	char table[200];
	unsigned may;

	table_of(chain, table);
	may = walk_chain(w, table, member(chain, "name"));
	if (may & (GO_ON | RETURN))
		may |= strcmp(member(chain, "policy"), "drop") == 0 ? DROP : ACCEPT;
	return may & (ACCEPT | DROP);
}

enum firewall_says firewall_ask(struct firewall *f, const struct addr *address, uint16_t port,
				const char *link)
{
	struct walk w = {.firewall = f, .packet = {*address, port, link}};
	bool v4 = address_is_v4(address);
	unsigned all = ACCEPT;
	const json_t *element;
	size_t i;

	json_array_foreach(f->list, i, element)
	{
		const json_t *chain = json_object_get(element, "chain");
		unsigned may = sees(chain, v4, link) ? ask_chain(&w, chain) : ACCEPT;

		if (may == DROP)
			return FIREWALL_DROPS;
		all |= may;
	}
	return all & DROP ? FIREWALL_DEPENDS : FIREWALL_ACCEPTS;
}
