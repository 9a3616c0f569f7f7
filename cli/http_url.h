/* SPDX-License-Identifier: Apache-2.0
 *
 * The URL of a request, taken apart; and unix://host/path?socket=file, which stands for http over a socket.
 */
#ifndef QUIS_CLI_HTTP_URL_H
#define QUIS_CLI_HTTP_URL_H

#include "base/arena.h"

struct http_url {
    struct str text;   /* http:// or https://, for the library; NUL-terminated */
    struct str scheme; /* as written, in lower case */
    struct str host;   /* without port; with brackets */
    uint32_t port;
    struct str socket; /* path of the socket, NUL-terminated; p NULL: none */
};

/* NULL: fine. Else what is wrong, in Go's words; "": out of memory. */
const char *http_url_read(struct arena *a, struct str text, struct http_url *ret);

bool http_url_is_same_host(const struct http_url *a, const struct http_url *b);

/* Is it this machine, which proxies are not asked for? */
bool http_url_is_local(const struct http_url *u);

/* text with another host name, for servers that are known by a name that is not their address. p NULL: out of memory. */
struct str http_url_with_host(struct arena *a, const struct http_url *u, struct str host);

#endif
