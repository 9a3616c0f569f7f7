/* SPDX-License-Identifier: Apache-2.0
 *
 * quis capabilities: builtins and features as JSON, to be given to --capabilities here or to opa.
 */
#include <stdio.h>

#include "cli/jout.h"
#include "cli/report.h"
#include "lang/types.h"
#include "stdlib/builtins.h"

static void names(struct jout *j, const char *key, const char *const *items, size_t count)
{
    jout_key(j, key);
    jout_open(j, '[');
    for (size_t i = 0; i < count; i++)
        jout_text(j, str_cstr(items[i]));
    jout_close(j, ']');
}

static void one_builtin(struct jout *j, const struct builtin *b)
{
    jout_open(j, '{');
    jout_key(j, "name");
    jout_text(j, str_cstr(b->name));
    jout_key(j, "decl");
    jout_value(j, types_builtin_json(j->b.arena, b));
    if (b->infix[0] != '\0') {
        jout_key(j, "infix");
        jout_text(j, str_cstr(b->infix));
    }
    static const struct {
        unsigned flag;
        const char *name;
    } flags[] = {{BI_RELATION, "relation"}, {BI_DEPRECATED, "deprecated"}, {BI_NONDET, "nondeterministic"}};
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        if ((b->flags & flags[i].flag) != 0) {
            jout_key(j, flags[i].name);
            jout_value(j, value_bool(true));
        }
    }
    jout_close(j, '}');
}

int verb_capabilities(const struct flags *f)
{
    static const char *const future[] = {"and", "not", "or"};
    static const char *const future_v0[] = {"and", "contains", "every", "if", "in", "not", "or"};
    static const char *const features[] = {"keywords_in_refs", "rego_v1", "rego_v2", "rego_v2_import", "template_strings"};
    static const char *const features_v0[] = {"keywords_in_refs", "rego_v1", "rego_v1_import", "rego_v2",
                                              "rego_v2_import", "rule_head_ref_string_prefixes", "rule_head_refs"};
    struct alloc heap = alloc_default();
    struct arena a;
    struct jout j;
    arena_init(&a, &heap, SIZE_MAX, 0);
    jout_init(&j, &a);
    jout_open(&j, '{');
    jout_key(&j, "builtins");
    jout_open(&j, '[');
    for (size_t i = 0; i < stdlib_builtin_count; i++)
        one_builtin(&j, &stdlib_builtins[i]);
    jout_close(&j, ']');
    if (f->v0_compatible) {
        names(&j, "future_keywords", future_v0, COUNT_OF(future_v0));
        names(&j, "features", features_v0, COUNT_OF(features_v0));
    } else {
        names(&j, "future_keywords", future, COUNT_OF(future));
        names(&j, "features", features, COUNT_OF(features));
    }
    jout_close(&j, '}');
    bool ok = jout_print(&j);
    arena_fini(&a);
    if (!ok)
        report_line("out of memory");
    return ok ? 0 : 1;
}
