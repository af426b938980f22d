// SPDX-License-Identifier: GPL-2.0-only
/* A host from its JSON document: members to inputs. */
#include "io/host_file.h"

#include "base/cleanup.h"
#include "core/fib.h"
#include "core/published.h"
#include "io/host_file_values.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void tell(struct host_reader *r, struct input *in)
{
	in->now = r->file->taken;
	if (!r->error)
		r->hear(r->data, in);
}

static void read_forwarding(struct host_reader *r, const json_t *o, uint32_t ifindex)
{
	struct host_file_link *link = &r->file->links[r->file->link_count++];
	const json_t *forwards = json_object_get(o, "forwards");

	*link = (struct host_file_link){.ifindex = ifindex, .told = json_is_object(forwards)};
	if (!link->told)
		return;
	link->v4 = host_get_flag(r, forwards, "ipv4", true);
	link->v6 = host_get_flag(r, forwards, "ipv6", true);
}

static void read_link(struct host_reader *r, const json_t *o)
{
	struct input in = {.kind = INPUT_LINK};
	struct input_link *link = &in.link;
	const uint64_t ethernet = 1; /* what documents of before did not tell: ARPHRD_ETHER */

	link->ifindex = (uint32_t)host_get_number(r, o, "index", INT32_MAX, HOST_REQUIRED);
	host_copy_text(r, o, "name", link->name, sizeof(link->name));
	host_copy_text(r, o, "driver", link->driver, sizeof(link->driver));
	link->up = host_get_flag(r, o, "up", true);
	link->running = host_get_flag(r, o, "running", true);
	link->loopback = host_get_flag(r, o, "loopback", true);
	link->type = (uint16_t)host_get_number(r, o, "type", UINT16_MAX, ethernet);
	link->master = host_get_link(r, o, "master");
	host_get_mac(r, o, "mac", link->mac);
	read_forwarding(r, o, link->ifindex);
	tell(r, &in);
}

static void read_address(struct host_reader *r, const json_t *o)
{
	struct input in = {.kind = INPUT_ADDRESS};

	in.address.address = host_get_address(r, o, "address", true);
	in.address.prefix_len = host_get_prefix_len(r, o, &in.address.address);
	in.address.ifindex = host_get_link(r, o, "interface");
	in.address.flags = (uint32_t)host_get_number(r, o, "flags", UINT32_MAX, 0);
	in.address.created = host_get_time(r, o, "created");
	tell(r, &in);
}

static void read_route(struct host_reader *r, const json_t *o)
{
	const char *kind = host_get_text(r, o, "kind", true), *name;
	struct input in = {.kind = INPUT_ROUTE};

	in.route.prefix = host_get_address(r, o, "prefix", true);
	in.route.prefix_len = host_get_prefix_len(r, o, &in.route.prefix);
	in.route.table = (uint32_t)host_get_number(r, o, "table", UINT32_MAX, 0);
	in.route.oif = host_get_link(r, o, "interface");
	in.route.gateway = host_get_address(r, o, "gateway", false);
	in.route.metric = (uint32_t)host_get_number(r, o, "metric", UINT32_MAX, 0);
	while ((name = fib_kind_name(in.route.kind)) && kind && strcmp(name, kind) != 0)
		in.route.kind++;
	if (name) /* else of a kind that is told by newer ones */
		tell(r, &in);
}

static void read_listener(struct host_reader *r, const json_t *o)
{
	struct input in = {.kind = INPUT_LISTENER};

	in.listener.address = host_get_address(r, o, "address", true);
	in.listener.port = (uint16_t)host_get_number(r, o, "port", UINT16_MAX, HOST_REQUIRED);
	in.listener.v6only = host_get_flag(r, o, "v6only", false);
	in.listener.ifindex = host_get_link(r, o, "interface");
	in.listener.backlog = (uint32_t)host_get_number(r, o, "backlog", UINT32_MAX, 0);
	in.listener.queued = (uint32_t)host_get_number(r, o, "queued", UINT32_MAX, 0);
	tell(r, &in);
}

static void read_neighbour(struct host_reader *r, const json_t *o)
{
	struct input in = {.kind = INPUT_NEIGHBOUR};

	in.neighbour.address = host_get_address(r, o, "address", true);
	in.neighbour.ifindex = host_get_link(r, o, "interface");
	host_get_mac(r, o, "mac", in.neighbour.mac);
	in.neighbour.router = host_get_flag(r, o, "router", false);
	tell(r, &in);
}

#define RECORDS_MAX 64 /* of a name: as DNS_MAX_RECORDS */

static size_t read_records(struct host_reader *r, const json_t *o,
			   struct record records[RECORDS_MAX])
{
	const json_t *record;
	size_t i, n = 0;

	json_array_foreach(json_object_get(o, "records"), i, record)
	{
		if (n == RECORDS_MAX)
			break;
		records[n].address = host_get_address(r, record, "address", true);
		records[n++].ttl = (uint32_t)host_get_number(r, record, "ttl", UINT32_MAX, 0);
	}
	return n;
}

static void read_name(struct host_reader *r, const json_t *o)
{
	const char *status = host_get_text(r, o, "status", true);
	struct record records[RECORDS_MAX];
	struct input in = {.kind = INPUT_NAME};

	in.name.name = host_get_text(r, o, "name", true);
	in.name.via = host_get_text(r, o, "via", false);
	in.name.error = host_get_text(r, o, "error", false);
	in.name.count = read_records(r, o, records);
	in.name.records = records;
	while (status && in.name.status < NAME_STATUSES &&
	       strcmp(name_status_name(in.name.status), status) != 0)
		in.name.status++;
	if (in.name.status == NAME_STATUSES)
		host_wrong(r, "status");
	tell(r, &in);
}

static void read_list(struct host_reader *r, const char *list, bool required,
		      void (*read)(struct host_reader *r, const json_t *o))
{
	const json_t *entries = json_object_get(r->root, list), *o;
	size_t i;

	r->list = list;
	r->at = 0;
	if (!json_is_array(entries)) {
		if (required && !r->error)
			r->error = failure_set(r->failure, -EINVAL,
					       "the host file has no list \"%s\": give what "
					       "synhole host --json has written",
					       list);
		return;
	}
	json_array_foreach(entries, i, o)
	{
		r->at = i + 1;
		read(r, o);
	}
}

static void tell_kind(struct host_reader *r, enum input_kind kind)
{
	tell(r, &(struct input){.kind = kind});
}

static void read_all(struct host_reader *r, bool names)
{
	const json_t *links = json_object_get(r->root, "links"), *link;
	size_t i;

	r->list = "the document";
	host_copy_text(r, r->root, "host", r->file->host, sizeof(r->file->host));
	host_copy_text(r, r->root, "kernel", r->file->kernel, sizeof(r->file->kernel));
	r->file->taken = host_get_time(r, r->root, "started");
	r->file->cut = json_is_true(json_object_get(r->root, "cut"));
	r->file->has_names = json_array_size(json_object_get(r->root, "names"));
	r->file->links = calloc(json_array_size(links) + 1, sizeof(*r->file->links));
	if (!r->file->links)
		r->error = failure_set(r->failure, -ENOMEM, "out of memory");
	if (r->error)
		return;
	json_array_foreach(links, i, link) if (json_is_string(json_object_get(link, "name")))
		json_object_set(r->links, json_string_value(json_object_get(link, "name")),
				json_object_get(link, "index"));
	tell_kind(r, INPUT_HOST_BEGIN);
	read_list(r, "links", true, read_link);
	read_list(r, "addresses", true, read_address);
	read_list(r, "routes", true, read_route);
	tell_kind(r, INPUT_HOST_END);
	tell_kind(r, INPUT_LISTENERS_BEGIN);
	read_list(r, "listeners", true, read_listener);
	tell_kind(r, INPUT_LISTENERS_END);
	read_list(r, "neighbours", false, read_neighbour);
	if (names)
		read_list(r, "names", false, read_name);
}

/* Reads no more than may be. */
static size_t read_some(void *buffer, size_t size, void *data)
{
	struct {
		FILE *file;
		size_t left;
	} *source = data;
	size_t n = fread(buffer, 1, size < source->left ? size : source->left, source->file);

	source->left -= n;
	return n;
}

static int load(const char *path, json_t **ret_root, struct failure *failure)
{
	cleanup(close_file) FILE *file = fopen(path, "re");
	struct {
		FILE *file;
		size_t left;
	} source = {file, HOST_FILE_MAX};
	json_error_t error;

	if (!file)
		return failure_set(failure, -errno, "cannot open the host file %.128s: %s", path,
				   strerror(errno));
	*ret_root = json_load_callback(read_some, &source, 0, &error);
	if (!*ret_root)
		return failure_set(failure, -EINVAL,
				   "the host file %.128s is no JSON: line %d: %.100s", path,
				   error.line, error.text);
	return 0;
}

static void drop(json_t **root)
{
	json_decref(*root);
}

int host_file_read(struct host_file *ret_file, const char *path, bool names, input_fn *hear,
		   void *data, struct failure *failure)
{
	cleanup(drop) json_t *root = NULL;
	cleanup(drop) json_t *links = json_object();
	cleanup(host_file_free) struct host_file file = {0};
	struct host_reader r = {.file = &file, .hear = hear, .data = data, .failure = failure};
	const char *kind;

	r.error = load(path, &root, failure);
	if (r.error)
		return r.error;
	r.root = root;
	r.links = links;
	kind = json_string_value(json_object_get(root, "kind"));
	if (!kind || strcmp(kind, "host") != 0)
		return failure_set(failure, -EINVAL,
				   "%.128s is no host file: give what synhole host --json has "
				   "written on the host of the recording",
				   path);
	read_all(&r, names);
	if (r.error)
		return r.error;
	*ret_file = file;
	file.links = NULL;
	return 0;
}

void host_file_free(struct host_file *file)
{
	free(file->links);
	file->links = NULL;
}
