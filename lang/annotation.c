/* SPDX-License-Identifier: Apache-2.0
 *
 * Stub to be filled.
 */
#include "lang/annotation.h"

bool annotation_parse(struct compiler *c, struct module *m)
{
    (void)c;
    (void)m;
    return true;
}

bool annotation_attach(struct compiler *c, struct module *m)
{
    (void)c;
    (void)m;
    return true;
}

struct value annotation_json(struct arena *a, const struct compiler *c, const struct annotation *n,
                             struct ast_json_options options)
{
    (void)a, (void)c, (void)n, (void)options;
    return value_null();
}
