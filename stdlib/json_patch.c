/* SPDX-License-Identifier: Apache-2.0
 *
 * json.patch: the operations of RFC 6902 on any value, sets included.
 *
 * Operations are checked one by one as they are applied, so that an error in a later one is reported only when the earlier
 * ones worked, as OPA does. The edits themselves are edit_tree.c's.
 */
#include "stdlib/builtins.h"
#include "stdlib/edit_tree.h"

/* One operation: its members are read when they are needed. */
struct operation {
    const struct object *members;
    struct json_path path;
};

static int read_member(struct bi_ctx *ctx, const struct operation *op, struct str name, struct value *ret)
{
    const struct value *place = object_find_str(op->members, name);
    if (place == NULL)
        return bi_fail(ctx, "missing required attribute '%.*s'", (int)name.len, name.p);
    *ret = *place;
    return BI_OK;
}

static int read_from(struct bi_ctx *ctx, const struct operation *op, struct json_path *ret)
{
    struct value from;
    int status = read_member(ctx, op, STR("from"), &from);
    return status == BI_OK ? json_path_read(ctx, from, ret) : status;
}

static int apply_add(struct bi_ctx *ctx, struct edit_node *tree, const struct operation *op)
{
    struct value v;
    int status = read_member(ctx, op, STR("value"), &v);
    return status == BI_OK ? edit_insert(ctx, tree, op->path, v) : status;
}

static int apply_remove(struct bi_ctx *ctx, struct edit_node *tree, const struct operation *op)
{
    return edit_delete(ctx, tree, op->path);
}

static int apply_replace(struct bi_ctx *ctx, struct edit_node *tree, const struct operation *op)
{
    int status = edit_delete(ctx, tree, op->path);
    return status == BI_OK ? apply_add(ctx, tree, op) : status;
}

static int apply_move(struct bi_ctx *ctx, struct edit_node *tree, const struct operation *op)
{
    struct json_path from;
    struct value v;
    int status = read_from(ctx, op, &from);
    if (status == BI_OK)
        status = edit_render(ctx, tree, from, &v);
    if (status == BI_OK)
        status = edit_delete(ctx, tree, from);
    return status == BI_OK ? edit_insert(ctx, tree, op->path, v) : status;
}

static int apply_copy(struct bi_ctx *ctx, struct edit_node *tree, const struct operation *op)
{
    struct json_path from;
    struct value v;
    int status = read_from(ctx, op, &from);
    if (status == BI_OK)
        status = edit_render(ctx, tree, from, &v);
    return status == BI_OK ? edit_insert(ctx, tree, op->path, v) : status;
}

static int fail_test(struct bi_ctx *ctx, struct value expected, struct value found)
{
    struct buf b;
    buf_init(&b, ctx->arena);
    buf_cstr(&b, "value from EditTree != patch value.\n\nExpected: ");
    value_write_rego(&b, expected);
    buf_cstr(&b, "\n\nFound: ");
    if (found.kind == VALUE_UNDEFINED)
        buf_cstr(&b, "<nil>");
    else
        value_write_rego(&b, found);
    if (b.failed)
        return bi_nomem(ctx);
    return bi_fail(ctx, "%.*s", b.len > 1000 ? 1000 : (int)b.len, b.p);
}

static int apply_test(struct bi_ctx *ctx, struct edit_node *tree, const struct operation *op)
{
    struct value found, expected;
    int status = edit_render(ctx, tree, op->path, &found);
    if (status == BI_OK)
        status = read_member(ctx, op, STR("value"), &expected);
    if (status == BI_OK)
        status = bi_charge(ctx, value_count(expected) + 1);
    if (status != BI_OK)
        return status;
    return found.kind != VALUE_UNDEFINED && value_equal(found, expected) ? BI_OK : fail_test(ctx, expected, found);
}

static const struct {
    const char *name;
    int (*apply)(struct bi_ctx *ctx, struct edit_node *tree, const struct operation *op);
} operations[] = {
    {"add", apply_add},   {"remove", apply_remove}, {"replace", apply_replace},
    {"move", apply_move}, {"copy", apply_copy},     {"test", apply_test},
};

static int apply_operation(struct bi_ctx *ctx, struct edit_node *tree, struct value v)
{
    if (v.kind != VALUE_OBJECT)
        return bi_fail(ctx, "must be an array of JSON-Patch objects, but at least one element is not an object");
    struct operation op = {.members = v.object};
    struct value path, name;
    int status = read_member(ctx, &op, STR("path"), &path);
    if (status == BI_OK)
        status = read_member(ctx, &op, STR("op"), &name);
    if (status != BI_OK)
        return status;
    if (name.kind != VALUE_STRING)
        return bi_fail(ctx, "attribute 'op' must be a string but found: %s", value_kind_name((enum value_kind)name.kind));
    status = json_path_read(ctx, path, &op.path);
    if (status != BI_OK)
        return status;
    for (size_t i = 0; i < COUNT_OF(operations); i++)
        if (str_equal(value_text(name), str_cstr(operations[i].name)))
            return operations[i].apply(ctx, tree, &op);
    return bi_fail(ctx, "unrecognized op: '%.*s'", name.len > 900 ? 900 : (int)name.len, name.s);
}

int bif_json_patch(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    const struct value *items;
    size_t count;
    int status = bi_array(ctx, argv, 2, &items, &count);
    if (status != BI_OK)
        return status;
    struct edit_node *tree = edit_new(ctx, argv[0]);
    if (tree == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; status == BI_OK && i < count; i++)
        status = apply_operation(ctx, tree, items[i]);
    struct value patched;
    if (status == BI_OK)
        status = edit_render(ctx, tree, (struct json_path){NULL, 0}, &patched);
    if (status != BI_OK)
        return status;
    if (patched.kind == VALUE_UNDEFINED)
        return bi_fail(ctx, "the document was removed");
    *ret = patched;
    return BI_OK;
}
