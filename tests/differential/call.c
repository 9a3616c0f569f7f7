/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls builtins by name, for the differential tests: a line of {"fn": name, "args": [...]} in, a line of {"value": ...},
 * {"undefined": true} or {"error": text} out. set_of is ours: the set of an array's elements.
 */
#include <stdio.h>
#include <stdlib.h>

#include "stdlib/builtins.h"
#include "vm/json.h"
#include "vm/limits.h"

static int make_set(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct set *s = set_new(ctx->arena, 0);
    for (uint32_t i = 0; s != NULL && i < argv[0].len; i++) {
        if (set_add(ctx->arena, s, argv[0].items[i]) < 0)
            return bi_nomem(ctx);
    }
    *ret = value_set(s);
    return s != NULL ? BI_OK : bi_nomem(ctx);
}

static const struct builtin set_of = {"set_of", "", "", make_set, 1, 0};

static void answer(struct arena *a, struct str line)
{
    struct err e = {0};
    struct value request, result;
    struct json_options o = {.borrow = true};
    if (json_parse(a, line, &o, &request, &e) != 0) {
        printf("{\"bad_line\": true}\n");
        return;
    }
    struct str name = value_text(*object_find_str(request.object, STR("fn")));
    struct value args = *object_find_str(request.object, STR("args"));
    const struct builtin *def = str_equal(name, STR("set_of")) ? &set_of : stdlib_find(name);
    struct limits limits = limits_default();
    uint64_t fuel = limits.fuel;
    struct bi_ctx ctx = {.arena = a, .def = def, .err = &e, .fuel = &fuel, .limits = &limits};
    int status = def != NULL ? def->fn(&ctx, args.items, &result) : BI_HALT;
    struct buf b;
    buf_init(&b, a);
    if (status == BI_OK) {
        buf_cstr(&b, "{\"value\":");
        json_write(&b, result, JSON_COMPACT);
    } else if (status == BI_UNDEFINED) {
        buf_cstr(&b, "{\"undefined\":true");
    } else {
        buf_cstr(&b, "{\"error\":");
        json_write_string(&b, str_cstr(def != NULL ? e.text : "no such builtin"), JSON_COMPACT);
    }
    printf("%.*s}\n", (int)b.len, b.p);
}

int main(void)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    struct alloc heap = alloc_default();
    struct arena a;
    arena_init(&a, &heap, SIZE_MAX, 0);
    while ((len = getline(&line, &cap, stdin)) > 0) {
        arena_reset(&a);
        answer(&a, str_of(line, (size_t)len));
    }
    arena_fini(&a);
    free(line);
    return 0;
}
