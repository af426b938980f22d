/* SPDX-License-Identifier: GPL-2.0-only */
/* What a request is answered: the route's body, or a sentence that says why not. */
#ifndef SYNHOLE_IO_HTTP_ANSWER_H
#define SYNHOLE_IO_HTTP_ANSWER_H

#include "io/http.h"

#include <microhttpd.h>

struct http_answers;

/* `routes` is borrowed. */
int http_answers_new(struct http_answers **ret_answers, const struct http_route *routes,
		     void *data);

/* After the daemons have ended: answers that are being sent are these. */
void http_answers_free(struct http_answers **answers);

/* libmicrohttpd's MHD_AccessHandlerCallback; `data` is a struct http_answers. */
enum MHD_Result http_answer(void *data, struct MHD_Connection *connection, const char *url,
			    const char *method, const char *version, const char *upload,
			    size_t *upload_size, void **request);

#endif
