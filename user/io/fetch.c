// SPDX-License-Identifier: GPL-2.0-only
/* Asks the daemon over its Unix socket. */
#include "io/fetch.h"

#include "base/cleanup.h"
#include "io/libcurl.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>

struct body {
	char *text;
	size_t size;
};

static size_t on_body(char *bytes, size_t one, size_t count, void *data)
{
	struct body *b = data;
	char *text;

	if (count > FETCH_BYTES_MAX - b->size)
		return 0;
	text = realloc(b->text, b->size + count + 1);
	if (!text)
		return 0;
	memcpy(text + b->size, bytes, count);
	b->text = text;
	b->size += count;
	b->text[b->size] = '\0';
	return count;
}

static int say_forbidden(const char *socket, struct failure *failure)
{
	const struct group *group = NULL;
	struct stat file;

	if (stat(socket, &file) == 0)
		group = getgrgid(file.st_gid);
	return failure_set(
		failure, -EACCES, "not permitted to ask the daemon at %s: run this as root%s%s",
		socket, group ? ", or as a member of the group " : "", group ? group->gr_name : "");
}

static int say_why(const char *why, CURLcode code, long error, const char *socket,
		   struct failure *failure)
{
	if (code == CURLE_OPERATION_TIMEDOUT)
		return failure_set(failure, -ETIMEDOUT,
				   "the daemon at %s does not answer: it has had %d seconds",
				   socket, FETCH_SECONDS);
	if (error == EACCES || error == EPERM)
		return say_forbidden(socket, failure);
	if (error == ENOENT || error == ECONNREFUSED)
		return failure_set(failure, -(int)error,
				   "the daemon is not running: nobody answers at %s; start it "
				   "(synhole watch)",
				   socket);
	return failure_set(failure, -EPROTO, "cannot ask the daemon at %s: %s", socket, why);
}

static void prepare(const struct libcurl *curl, CURL *ask, const char *socket, const char *url,
		    struct body *body)
{
	curl->easy_setopt(ask, CURLOPT_UNIX_SOCKET_PATH, socket);
	curl->easy_setopt(ask, CURLOPT_URL, url);
	curl->easy_setopt(ask, CURLOPT_PROTOCOLS_STR, "http");
	curl->easy_setopt(ask, CURLOPT_NOPROXY, "*");
	curl->easy_setopt(ask, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(ask, CURLOPT_TIMEOUT, (long)FETCH_SECONDS);
	curl->easy_setopt(ask, CURLOPT_WRITEFUNCTION, on_body);
	curl->easy_setopt(ask, CURLOPT_WRITEDATA, body);
}

static int perform(const struct libcurl *curl, CURL *ask, const char *socket,
		   const struct body *body, struct failure *failure)
{
	CURLcode code = curl->easy_perform(ask);
	long status = 0, error = 0;

	curl->easy_getinfo(ask, CURLINFO_OS_ERRNO, &error);
	curl->easy_getinfo(ask, CURLINFO_RESPONSE_CODE, &status);
	if (code != CURLE_OK)
		return say_why(curl->easy_strerror(code), code, error, socket, failure);
	if (status != 200 || !body->text)
		return failure_set(failure, -EPROTO,
				   "what answers at %s does not know what it was asked (HTTP "
				   "%ld): is it another program, or another version of this one?",
				   socket, status);
	return 0;
}

int fetch(const char *socket, const char *path, char **ret_text, size_t *ret_size,
	  struct failure *failure)
{
	const struct libcurl *curl = libcurl_load(failure);
	struct body body = {0};
	char url[256];
	CURL *ask;
	int r;

	if (!curl)
		return -ELIBACC;
	ask = curl->easy_init();
	if (!ask)
		return failure_set(failure, -ENOMEM, "out of memory");
	snprintf(url, sizeof(url), "http://localhost%s", path);
	prepare(curl, ask, socket, url, &body);
	r = perform(curl, ask, socket, &body, failure);
	curl->easy_cleanup(ask);
	if (r < 0) {
		free(body.text);
		return r;
	}
	*ret_text = body.text;
	*ret_size = body.size;
	return 0;
}
