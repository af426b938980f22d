// SPDX-License-Identifier: GPL-2.0-only
/* Where an Alertmanager is told. */
#include "io/alert_url.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool get(const struct libcurl *curl, CURLU *url, char *ret_text, size_t size)
{
	char *text = NULL;
	bool fits;

	if (curl->url_get(url, CURLUPART_URL, &text, 0) != CURLUE_OK)
		return false;
	fits = strlen(text) < size;
	if (fits)
		strcpy(ret_text, text);
	curl->free(text);
	return fits;
}

static bool has_scheme(const struct libcurl *curl, CURLU *url)
{
	char *scheme = NULL;
	bool good;

	if (curl->url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
		return false;
	good = strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0;
	curl->free(scheme);
	return good;
}

/* Alertmanager may be served below a path of somebody else's. */
static bool add_path(const struct libcurl *curl, CURLU *url)
{
	char *base = NULL, path[256];
	size_t n;

	if (curl->url_get(url, CURLUPART_PATH, &base, 0) != CURLUE_OK)
		return false;
	n = strlen(base);
	while (n && base[n - 1] == '/')
		n--;
	n = (size_t)snprintf(path, sizeof(path), "%.*s/api/v2/alerts", (int)n, base);
	curl->free(base);
	return n < sizeof(path) && curl->url_set(url, CURLUPART_PATH, path, 0) == CURLUE_OK;
}

int alert_url_read(const struct libcurl *curl, const char *text, struct alert_url *ret_url,
		   struct failure *failure)
{
	CURLU *url = curl->url();
	bool good = url && curl->url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
		    has_scheme(curl, url) && add_path(curl, url) &&
		    get(curl, url, ret_url->whole, sizeof(ret_url->whole));

	if (good) {
		curl->url_set(url, CURLUPART_USER, NULL, 0);
		curl->url_set(url, CURLUPART_PASSWORD, NULL, 0);
		good = get(curl, url, ret_url->shown, sizeof(ret_url->shown));
	}
	curl->url_cleanup(url);
	if (good)
		return 0;
	return failure_set(failure, -EINVAL,
			   "an Alertmanager's URL is none: give http://HOST:PORT or https://...");
}
