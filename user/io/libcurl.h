/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libcurl, loaded when it is needed first.
 *
 * With the libraries that it brings along it holds 3 MiB, a quarter of what the daemon may; and a
 * daemon that tells no Alertmanager has no use for it.
 */
#ifndef SYNHOLE_IO_LIBCURL_H
#define SYNHOLE_IO_LIBCURL_H

#include "base/failure.h"

#define CURL_DISABLE_TYPECHECK /* it would call what is not linked */
#include <curl/curl.h>

/* name without "curl_" */
#define LIBCURL_FUNCTIONS(X)                                                                       \
	X(global_init)                                                                             \
	X(easy_init)                                                                               \
	X(easy_cleanup)                                                                            \
	X(easy_setopt)                                                                             \
	X(easy_getinfo)                                                                            \
	X(easy_perform)                                                                            \
	X(easy_strerror)                                                                           \
	X(multi_init)                                                                              \
	X(multi_cleanup)                                                                           \
	X(multi_setopt)                                                                            \
	X(multi_add_handle)                                                                        \
	X(multi_remove_handle)                                                                     \
	X(multi_assign)                                                                            \
	X(multi_socket_action)                                                                     \
	X(multi_info_read)                                                                         \
	X(slist_append)                                                                            \
	X(slist_free_all)                                                                          \
	X(url)                                                                                     \
	X(url_cleanup)                                                                             \
	X(url_get)                                                                                 \
	X(url_set)                                                                                 \
	X(free)

struct libcurl {
#define X(name) __typeof__(&curl_##name) name;
	LIBCURL_FUNCTIONS(X)
#undef X
};

/* The same at each call, and never unloaded. NULL with a sentence if it cannot be loaded. */
const struct libcurl *libcurl_load(struct failure *failure);

#endif
