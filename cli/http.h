/* SPDX-License-Identifier: Apache-2.0
 *
 * http.send for the program: one request and its answer.
 */
#ifndef QUIS_CLI_HTTP_H
#define QUIS_CLI_HTTP_H

#include "vm/builtin.h"

/* For struct bi_host: request was checked by the builtin. BI_UNDEFINED: an error of the request, not of the network. */
int http_send(void *ctx, struct bi_ctx *bi, struct value request, struct value *ret);

#endif
