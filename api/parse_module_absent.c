/* SPDX-License-Identifier: Apache-2.0
 *
 * rego.parse_module in a library without a compiler: refused.
 */
#include "api/api.h"

int api_parse_module(void *ctx, struct bi_ctx *bi, struct str name, struct str text, struct value *ret)
{
    (void)ctx;
    (void)name;
    (void)text;
    (void)ret;
    return bi_fail(bi, "this build has no compiler");
}
