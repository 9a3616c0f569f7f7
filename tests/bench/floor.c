/* SPDX-License-Identifier: Apache-2.0
 *
 * Hand-written decisions: what a C programmer would write who knows the one policy, with the engine's values and look-ups.
 *
 * They say how far the interpreter is from code made for one policy. Their results are compared with the policies' own.
 */
#include "tests/bench/floor.h"

static struct value get(struct value v, struct str key)
{
    const struct value *found = v.kind == VALUE_OBJECT ? object_find_str(v.object, key) : NULL;
    return found != NULL ? *found : value_undefined();
}

#define GET(v, name) get(v, STR(name))

static bool is_in(struct value item, struct value array)
{
    for (uint32_t i = 0; array.kind == VALUE_ARRAY && item.kind != VALUE_UNDEFINED && i < array.len; i++)
        if (value_equal(array.items[i], item))
            return true;
    return false;
}

/* Defined, and equal. */
static bool is_same(struct value a, struct value b)
{
    return a.kind != VALUE_UNDEFINED && value_equal(a, b);
}

/* ---- rbac-docs ---- */

static bool is_granted(struct value roles, struct value grants, struct value action, struct value type)
{
    for (uint32_t i = 0; roles.kind == VALUE_ARRAY && i < roles.len; i++) {
        const struct value *list = grants.kind == VALUE_OBJECT ? object_find(grants.object, roles.items[i]) : NULL;
        for (uint32_t k = 0; list != NULL && list->kind == VALUE_ARRAY && k < list->len; k++)
            if (is_same(action, GET(list->items[k], "action")) && is_same(type, GET(list->items[k], "type")))
                return true;
    }
    return false;
}

static struct value rbac_docs(struct arena *a, struct value input, struct value data, struct value values)
{
    struct value user = GET(input, "user"), all = GET(data, "user_roles");
    const struct value *found = all.kind == VALUE_OBJECT ? object_find(all.object, user) : NULL;
    struct value roles = found != NULL ? *found : value_undefined();
    (void)a;
    (void)values;
    return value_bool(is_in(value_str(STR("admin")), roles) ||
                      is_granted(roles, GET(data, "role_grants"), GET(input, "action"), GET(input, "type")));
}

/* ---- trustee-snp ---- */

static int64_t snp_hardware(struct value snp, struct value values)
{
    bool known = is_in(GET(snp, "reported_tcb_bootloader"), GET(values, "snp_bootloader")) &&
                 is_in(GET(snp, "reported_tcb_microcode"), GET(values, "snp_microcode")) &&
                 is_in(GET(snp, "reported_tcb_snp"), GET(values, "snp_snp_svn")) &&
                 is_in(GET(snp, "reported_tcb_tee"), GET(values, "snp_tee_svn"));
    return known ? 2 : 97;
}

static int64_t snp_configuration(struct value snp, struct value values)
{
    bool sound = is_same(GET(snp, "policy_debug_allowed"), value_bool(false)) &&
                 is_same(GET(snp, "policy_migrate_ma"), value_bool(false));
    bool exact = sound && is_same(GET(snp, "platform_smt_enabled"), GET(values, "snp_smt_enabled")) &&
                 is_same(GET(snp, "platform_tsme_enabled"), GET(values, "snp_tsme_enabled")) &&
                 is_same(GET(snp, "policy_abi_major"), GET(values, "snp_guest_abi_major")) &&
                 is_same(GET(snp, "policy_abi_minor"), GET(values, "snp_guest_abi_minor")) &&
                 is_same(GET(snp, "policy_single_socket"), GET(values, "snp_single_socket")) &&
                 is_same(GET(snp, "policy_smt_allowed"), GET(values, "snp_smt_allowed"));
    return exact ? 2 : sound ? 3 : 36;
}

static struct value trustee_snp(struct arena *a, struct value input, struct value data, struct value values)
{
    struct value snp = GET(input, "snp");
    bool measured = is_in(GET(snp, "measurement"), GET(values, "snp_launch_measurement"));
    const struct {
        struct str name;
        int64_t value;
    } claims[] = {
        {STR("executables"), measured ? 3 : 33},
        {STR("hardware"), snp_hardware(snp, values)},
        {STR("configuration"), snp_configuration(snp, values)},
        {STR("file-system"), 0},
        {STR("instance-identity"), 0},
        {STR("runtime-opaque"), 0},
        {STR("storage-opaque"), 0},
        {STR("sourced-data"), 0},
    };
    struct object *o = object_new(a, COUNT_OF(claims));
    (void)data;
    for (size_t i = 0; o != NULL && i < COUNT_OF(claims); i++)
        if (object_put(a, o, value_str(claims[i].name), value_int(claims[i].value)) < 0)
            o = NULL;
    return o != NULL ? value_object(o) : value_undefined();
}

floor_fn floor_find(struct str workload)
{
    if (str_equal(workload, STR("rbac-docs")))
        return rbac_docs;
    return str_equal(workload, STR("trustee-snp")) ? trustee_snp : NULL;
}
