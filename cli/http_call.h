/* SPDX-License-Identifier: Apache-2.0
 *
 * A request on its way: what http.c (members of the request), http_tls.c and http_answer.c share.
 */
#ifndef QUIS_CLI_HTTP_CALL_H
#define QUIS_CLI_HTTP_CALL_H

#include "base/buf.h"
#include "cli/http_curl.h"
#include "cli/http_url.h"
#include "vm/builtin.h"

struct http_call {
    struct bi_ctx *bi;
    const struct http_curl *curl;
    CURL *handle;
    struct object *request;
    struct http_url url;
    struct str method;  /* upper case, NUL-terminated */
    struct str body;    /* p NULL: none */
    struct str host;    /* the header of this name; p NULL: none */
    struct str referer; /* header line after a redirect; p NULL: none */
    int64_t timeout_ns; /* 0: none */
    bool asks_gzip;     /* because the policy does not say what it takes */
    bool drops_secrets; /* redirected to another host */
    struct curl_slist *headers, *connect_to;
    struct buf head, answer; /* status line and headers; body */
    char trouble[CURL_ERROR_SIZE];
};

/* A member of the request that is a string, without quotes around it as OPA takes them; p NULL: not there. */
struct str http_text(const struct http_call *c, const char *name);
bool http_flag(const struct http_call *c, const char *name);

/* The request cannot be made: BI_UNDEFINED, or what bi_nomem says. */
int http_refuse(struct http_call *c, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Certificates, keys, server's name. */
MUST_CHECK int http_tls(struct http_call *c);

/* The answer as a value. */
MUST_CHECK int http_answer(struct http_call *c, struct value *ret);

/* The last value of a header of the answer; p NULL: not there. */
struct str http_header(const struct http_call *c, const char *name);

#endif
