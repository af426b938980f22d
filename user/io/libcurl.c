// SPDX-License-Identifier: GPL-2.0-only
/* libcurl, loaded when it is needed first. */
#include "io/libcurl.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

static bool find(void *library, const char *name, void *ret_function)
{
	void *function = dlsym(library, name);

	memcpy(ret_function, &function, sizeof(function));
	return function;
}

static bool find_all(void *library, struct libcurl *ret_curl)
{
	bool found = true;

#define X(name) found = found && find(library, "curl_" #name, &ret_curl->name);
	LIBCURL_FUNCTIONS(X)
#undef X
	return found;
}

const struct libcurl *libcurl_load(struct failure *failure)
{
	static struct libcurl curl;
	static bool loaded;
	void *library;

	if (loaded)
		return &curl;
	library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		failure_set(failure, -ELIBACC, "cannot load libcurl: %s; install libcurl4",
			    dlerror());
		return NULL;
	}
	loaded = find_all(library, &curl) && curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	if (!loaded)
		failure_set(failure, -ELIBACC, "libcurl.so.4 is not the libcurl that is needed");
	return loaded ? &curl : NULL;
}
