// SPDX-License-Identifier: GPL-2.0-only
/* Intended addresses: a list or ip's JSON, to inputs. */
#include "io/intended.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE 128 /* longer ones hold no address */

struct reader {
	const char *path;
	input_fn *hear;
	void *data;
	struct failure *failure;
	size_t count;
};

static void drop(json_t **json)
{
	json_decref(*json);
}

static void tell(struct reader *r, struct input in)
{
	r->hear(r->data, &in);
}

static void tell_address(struct reader *r, const struct addr *a, uint8_t len, uint32_t ifindex,
			 uint32_t flags, bool served)
{
	struct input address = {.kind = INPUT_ADDRESS}, route = {.kind = INPUT_ROUTE};

	address.address = (struct input_address){
		.address = *a, .prefix_len = len, .ifindex = ifindex, .flags = flags};
	route.route = (struct input_route){.kind = ROUTE_LOCAL,
					   .prefix = *a,
					   .prefix_len = 128,
					   .table = RT_TABLE_LOCAL,
					   .oif = ifindex};
	tell(r, address);
	if (served)
		tell(r, route);
	r->count++;
}

/* --- ip's JSON ------------------------------------------------------------------------------- */

/* Without flags, as a build system may write it, nothing is wrong with a link. */
static bool has_flag(const json_t *link, const char *name)
{
	const json_t *flags = json_object_get(link, "flags"), *flag;
	size_t i;

	json_array_foreach(flags, i, flag)
	{
		const char *text = json_string_value(flag);

		if (text && strcmp(text, name) == 0)
			return true;
	}
	return !json_is_array(flags);
}

static uint32_t flags_of(const json_t *info)
{
	static const struct {
		const char *name;
		uint32_t flag;
	} known[] = {
		{"tentative", IFA_F_TENTATIVE},
		{"dadfailed", IFA_F_DADFAILED},
		{"deprecated", IFA_F_DEPRECATED},
		{"temporary", IFA_F_TEMPORARY},
	};
	uint32_t flags = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (json_is_true(json_object_get(info, known[i].name)))
			flags |= known[i].flag;
	return flags;
}

/* Of a point-to-point link "address" is the other side's. */
static int read_info(struct reader *r, const json_t *info, uint32_t ifindex, bool up)
{
	const char *text = json_string_value(json_object_get(info, "local"));
	json_int_t len = json_integer_value(json_object_get(info, "prefixlen"));
	uint32_t flags = flags_of(info);
	struct addr a;

	if (!text || address_parse(text, &a) < 0)
		return failure_set(r->failure, -EINVAL,
				   "%.128s: \"%.64s\" in addr_info is no address", r->path,
				   text ? text : "");
	len += address_is_v4(&a) ? 96 : 0;
	if (len < 0 || len > 128)
		return failure_set(r->failure, -EINVAL, "%.128s: %.64s has a wrong prefixlen",
				   r->path, text);
	tell_address(r, &a, (uint8_t)len, ifindex, flags,
		     up && !(flags & IFA_F_DADFAILED)); /* tentative ones will be served */
	return 0;
}

static int read_link(struct reader *r, const json_t *link, uint32_t ifindex)
{
	struct input in = {.kind = INPUT_LINK};
	const char *name = json_string_value(json_object_get(link, "ifname"));
	const json_t *infos = json_object_get(link, "addr_info"), *info;
	bool up = has_flag(link, "UP") && has_flag(link, "LOWER_UP");
	size_t i;
	int e = 0;

	if (!name && !json_object_size(link)) /* ip prints {} for what its filter leaves out */
		return 0;
	if (!name)
		return failure_set(r->failure, -EINVAL,
				   "%.128s is no JSON as ip -j address prints it: a link has no "
				   "ifname",
				   r->path);
	snprintf(in.link.name, sizeof(in.link.name), "%s", name);
	in.link.ifindex = ifindex;
	in.link.up = has_flag(link, "UP");
	in.link.running = has_flag(link, "LOWER_UP");
	in.link.loopback =
		json_is_array(json_object_get(link, "flags")) && has_flag(link, "LOOPBACK");
	tell(r, in);
	json_array_foreach(infos, i, info)
	{
		e = e < 0 ? e : read_info(r, info, ifindex, up);
	}
	return e;
}

static int read_json(struct reader *r, const char *text, size_t size)
{
	json_error_t error;
	cleanup(drop) json_t *root = json_loadb(text, size, 0, &error);
	const json_t *link;
	size_t i;
	int e = 0;

	if (!json_is_array(root))
		return failure_set(r->failure, -EINVAL,
				   "%.128s is no JSON as ip -j address prints it: %.128s", r->path,
				   root ? "it is no list of links" : error.text);
	json_array_foreach(root, i, link)
	{
		e = e < 0 ? e : read_link(r, link, (uint32_t)i + 1);
	}
	return e;
}

/* --- a list ---------------------------------------------------------------------------------- */

/* "ADDRESS/LENGTH" with the host's own bits, as for `ip addr add`. */
static bool read_word(const char *word, struct addr *ret_a, uint8_t *ret_len)
{
	char text[LINE];
	char *slash, *end;
	unsigned long len, most;

	snprintf(text, sizeof(text), "%s", word);
	slash = strchr(text, '/');
	if (slash)
		*slash++ = '\0';
	if (address_parse(text, ret_a) < 0)
		return false;
	most = address_is_v4(ret_a) ? 32 : 128;
	len = slash ? strtoul(slash, &end, 10) : most;
	*ret_len = (uint8_t)(len + 128 - most);
	return !slash || (isdigit((unsigned char)*slash) && !*end && len <= most);
}

static int read_line(struct reader *r, char *line, size_t number)
{
	struct addr a;
	uint8_t len;
	size_t n;

	line[strcspn(line, "#")] = '\0';
	line += strspn(line, " \t\r");
	for (n = strlen(line); n && strchr(" \t\r", line[n - 1]); n--)
		line[n - 1] = '\0';
	if (!*line)
		return 0;
	if (!read_word(line, &a, &len))
		return failure_set(r->failure, -EINVAL,
				   "%.128s, line %zu: \"%.64s\" is no address: give ADDRESS or "
				   "ADDRESS/LENGTH in each line, or what ip -j address prints",
				   r->path, number, line);
	tell_address(r, &a, len, 0, 0, true);
	return 0;
}

static int read_list(struct reader *r, const char *text, size_t size)
{
	const char *end = text + size;
	char line[LINE];
	int e = 0;

	for (size_t number = 1; e == 0 && text < end; number++) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((stop ? stop : end) - text), used = n;

		if (used >= sizeof(line)) /* a long comment is one still */
			used = sizeof(line) - 1;
		memcpy(line, text, used);
		line[used] = '\0';
		e = read_line(r, line, number);
		text += n + 1;
	}
	return e;
}

int intended_parse(const char *text, size_t size, const char *path, input_fn *hear, void *data,
		   struct failure *failure)
{
	struct reader r = {.path = path, .hear = hear, .data = data, .failure = failure};
	size_t blank = 0;
	int e;

	while (blank < size && isspace((unsigned char)text[blank]))
		blank++;
	tell(&r, (struct input){.kind = INPUT_HOST_BEGIN});
	e = blank < size && strchr("[{", text[blank]) ? read_json(&r, text, size)
						      : read_list(&r, text, size);
	tell(&r, (struct input){.kind = INPUT_HOST_END});
	if (e == 0 && !r.count)
		return failure_set(failure, -EINVAL, "%.128s has no address in it", path);
	return e;
}

int intended_read(const char *path, input_fn *hear, void *data, struct failure *failure)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	autofree char *text = malloc(INTENDED_MAX);
	size_t size = 0;
	ssize_t n = 1;

	if (!text)
		return failure_set(failure, -ENOMEM, "out of memory");
	while (fd >= 0 && n > 0 && size < INTENDED_MAX) {
		n = read(fd, text + size, INTENDED_MAX - size);
		size += n > 0 ? (size_t)n : 0;
	}
	if (fd < 0 || n < 0)
		return failure_set(failure, -errno, "cannot read %.128s: %s", path,
				   strerror(errno));
	if (size == INTENDED_MAX)
		return failure_set(failure, -EINVAL, "%.128s is larger than %d MiB", path,
				   INTENDED_MAX >> 20);
	return intended_parse(text, size, path, hear, data, failure);
}
