/* SPDX-License-Identifier: Apache-2.0
 *
 * Results of checking, and their texts. Texts are written only for the errors that are returned.
 */
#include "stdlib/schema_result.h"

#include "vm/number.h"

static const struct {
    const char *type, *description;
} errors[] = {
#define SCHEMA_ERROR(id, type, description) {type, description},
#include "stdlib/schema_errors.def"
#undef SCHEMA_ERROR
};

/* The place in memory that outlives the check. NULL: out of memory. */
static const struct schema_place *keep_place(struct arena *a, struct schema_place *place)
{
    struct schema_place *below = NULL; /* the copy that lacks its parent */
    for (struct schema_place *at = place; at != NULL; at = at->parent) {
        bool was_kept = at->kept != NULL;
        if (!was_kept) {
            at->kept = arena_alloc(a, sizeof *at->kept);
            if (at->kept == NULL)
                return NULL;
            *at->kept = (struct schema_place){.name = at->name, .index = at->index};
        }
        if (below != NULL)
            below->parent = at->kept;
        if (was_kept)
            break;
        below = at->kept;
    }
    return place->kept;
}

bool schema_result_add(struct arena *a, struct schema_result *r, enum schema_error_id id, struct schema_place *place,
                       struct value detail0, struct value detail1, struct value detail2)
{
    const struct schema_place *kept = keep_place(a, place);
    if (kept == NULL || !arena_grow(a, &r->problems, &r->cap, r->count + 1, sizeof *r->problems))
        return false;
    r->problems[r->count++] = (struct schema_problem){id, kept, {detail0, detail1, detail2}};
    r->score -= 2;
    return true;
}

bool schema_result_merge(struct arena *a, struct schema_result *r, const struct schema_result *other)
{
    r->score += other->score;
    if (other->count == 0)
        return true;
    if (!arena_grow(a, &r->problems, &r->cap, r->count + other->count, sizeof *r->problems))
        return false;
    memcpy(r->problems + r->count, other->problems, other->count * sizeof *r->problems);
    r->count += other->count;
    return true;
}

/* ---- texts ---- */

static void write_name(struct buf *b, const struct schema_place *place)
{
    if (place->name.p != NULL)
        buf_str(b, place->name);
    else
        buf_printf(b, "%u", place->index);
}

/* The names below the root, or the root's own. */
static int write_field(struct arena *a, struct buf *b, const struct schema_place *place)
{
    size_t depth = 0;
    for (const struct schema_place *at = place; at->parent != NULL; at = at->parent)
        depth++;
    if (depth == 0) {
        write_name(b, place);
        return 0;
    }
    const struct schema_place **chain = arena_array(a, depth, sizeof(const struct schema_place *));
    if (chain == NULL)
        return -1;
    for (size_t i = depth; i > 0; i--, place = place->parent)
        chain[i - 1] = place;
    for (size_t i = 0; i < depth; i++) {
        if (i > 0)
            buf_char(b, '.');
        write_name(b, chain[i]);
    }
    return 0;
}

static void write_detail(struct buf *b, struct value v)
{
    char tmp[NUMBER_INT_TEXT];
    if (v.kind == VALUE_STRING)
        buf_str(b, value_text(v));
    else if (v.kind == VALUE_NUMBER)
        buf_str(b, number_text(v, tmp));
}

static void write_description(struct buf *b, const struct schema_problem *p, struct str field)
{
    for (const char *t = errors[p->id].description; *t != '\0'; t++) {
        if (*t != '{') {
            buf_char(b, *t);
            continue;
        }
        if (t[1] == 'f')
            buf_str(b, field);
        else
            write_detail(b, p->details[t[1] - '0']);
        t = strchr(t, '}');
    }
}

static int problem_value(struct bi_ctx *ctx, const struct schema_problem *p, struct value *ret)
{
    struct arena *a = ctx->arena;
    struct buf field, description, text;
    buf_init(&field, a);
    buf_init(&description, a);
    buf_init(&text, a);
    if (write_field(a, &field, p->place) != 0)
        return bi_nomem(ctx);
    write_description(&description, p, buf_view(&field));
    buf_str(&text, buf_view(&field));
    buf_cstr(&text, ": ");
    buf_str(&text, buf_view(&description));
    struct object *o = object_new(a, 4);
    if (field.failed || description.failed || text.failed || o == NULL ||
        object_put(a, o, value_str(STR("desc")), value_str(buf_view(&description))) < 0 ||
        object_put(a, o, value_str(STR("error")), value_str(buf_view(&text))) < 0 ||
        object_put(a, o, value_str(STR("field")), value_str(buf_view(&field))) < 0 ||
        object_put(a, o, value_str(STR("type")), value_str(str_cstr(errors[p->id].type))) < 0)
        return bi_nomem(ctx);
    *ret = value_object(o);
    return bi_charge(ctx, text.len / 2 + 50);
}

int schema_result_value(struct bi_ctx *ctx, const struct schema_result *r, struct value *ret)
{
    struct value *items = arena_array(ctx->arena, r->count, sizeof *items);
    if (items == NULL)
        return bi_nomem(ctx);
    int status = BI_OK;
    for (size_t i = 0; status == BI_OK && i < r->count; i++)
        status = problem_value(ctx, &r->problems[i], &items[i]);
    *ret = value_array(items, r->count);
    return status;
}
