/* SPDX-License-Identifier: Apache-2.0
 *
 * libcurl's functions, loaded when a policy first sends a request: the program starts and runs without it.
 */
#ifndef QUIS_CLI_HTTP_CURL_H
#define QUIS_CLI_HTTP_CURL_H

#include <curl/curl.h>

/* F(name, result, parameters) */
#define HTTP_CURL_FUNCTIONS(F)                                                                                                   \
    F(curl_global_init, CURLcode, (long))                                                                                        \
    F(curl_easy_init, CURL *, (void))                                                                                            \
    F(curl_easy_cleanup, void, (CURL *))                                                                                         \
    F(curl_easy_setopt, CURLcode, (CURL *, CURLoption, ...))                                                                     \
    F(curl_easy_perform, CURLcode, (CURL *))                                                                                     \
    F(curl_easy_getinfo, CURLcode, (CURL *, CURLINFO, ...))                                                                      \
    F(curl_easy_strerror, const char *, (CURLcode))                                                                              \
    F(curl_slist_append, struct curl_slist *, (struct curl_slist *, const char *))                                               \
    F(curl_slist_free_all, void, (struct curl_slist *))

struct http_curl {
#define F(name, result, parameters) result(*name) parameters;
    HTTP_CURL_FUNCTIONS(F)
#undef F
};

/* Loads the library once per process; NULL when it is not there. For one thread. */
const struct http_curl *http_curl_load(void);

#endif
