/* SPDX-License-Identifier: Apache-2.0
 *
 * What a capabilities document allows: builtins by name, and features of the language. Keywords and syntax are the parser's.
 */
#include "lang/passes.h"

static struct value member(struct value o, struct str key)
{
    struct value *v = o.kind == VALUE_OBJECT ? object_find_str(o.object, key) : NULL;
    return v != NULL ? *v : (struct value){.kind = VALUE_UNDEFINED};
}

static bool has_feature(struct value features, struct str name)
{
    for (size_t i = 0; features.kind == VALUE_ARRAY && i < features.len; i++)
        if (features.items[i].kind == VALUE_STRING && str_equal(value_text(features.items[i]), name))
            return true;
    return false;
}

static bool list_builtins(struct passes *s, struct value builtins)
{
    struct arena *a = &s->c->arena;
    size_t count = builtins.kind == VALUE_ARRAY ? builtins.len : 0;
    s->allowed.builtins = object_new(a, count);
    if (s->allowed.builtins == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct value name = member(builtins.items[i], STR("name"));
        if (name.kind == VALUE_STRING && object_put(a, s->allowed.builtins, name, value_null()) < 0)
            return false;
    }
    return true;
}

bool pass_capabilities(struct passes *s)
{
    struct value given = s->c->options.capabilities;
    s->allowed = (struct allowed){NULL, true, true, true, true, true};
    if (given.kind != VALUE_OBJECT)
        return true;
    struct value features = member(given, STR("features"));
    bool v1 = has_feature(features, STR("rego_v1")), v2 = has_feature(features, STR("rego_v2"));
    s->allowed.v1_import = v1 || v2 || has_feature(features, STR("rego_v1_import"));
    s->allowed.v2_import = v2 || has_feature(features, STR("rego_v2_import"));
    s->allowed.ref_prefixes = v1 || v2 || has_feature(features, STR("rule_head_ref_string_prefixes"));
    s->allowed.general_refs = v1 || v2 || has_feature(features, STR("rule_head_refs"));
    if (!list_builtins(s, member(given, STR("builtins"))))
        return false;
    s->allowed.templates = has_feature(features, STR("template_strings")) &&
                           object_find_str(s->allowed.builtins, STR("internal.template_string")) != NULL;
    return true;
}
