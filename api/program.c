/* SPDX-License-Identifier: Apache-2.0
 *
 * The program handle: a verified program and the engine it is linked to.
 */
#include <quis/compiler.h>
#include <quis/program.h>

#include "api/api.h"

int api_program_wrap(struct quis_engine *engine, struct program *program, struct quis_program **ret, struct quis_error *error)
{
    struct quis_program *p = alloc_get(&engine->alloc, sizeof *p);
    if (p == NULL) {
        program_unref(program);
        return api_fail(error, ERR_NOMEM, "out of memory");
    }
    *p = (struct quis_program){.engine = quis_engine_ref(engine), .program = program, .once = ATOMIC_FLAG_INIT};
    atomic_init(&p->refs, 1);
    arena_init(&p->arena, &engine->alloc, SIZE_MAX, 0);
    *ret = p;
    return 0;
}

int quis_program_load(struct quis_engine *engine, const void *bytes, size_t size, struct quis_program **ret,
                      struct quis_error *error)
{
    struct err e = {0};
    struct program *program;
    struct linkage link = api_linkage(engine);
    if (program_read(bytes, size, &link, &engine->alloc, &engine->limits, &program, &e) != 0)
        return api_error(error, &e);
    return api_program_wrap(engine, program, ret, error);
}

static void lock(struct quis_program *p)
{
    while (atomic_flag_test_and_set_explicit(&p->once, memory_order_acquire))
        ; /* another thread writes the same text: short */
}

int quis_program_bytes(struct quis_program *program, struct quis_text *ret, struct quis_error *error)
{
    struct err e = {0};
    int status = 0;
    lock(program);
    if (program->bytes.data == NULL) {
        struct buf b;
        buf_init(&b, &program->arena);
        status = program_write(program->program, &b, &e);
        if (status == 0)
            program->bytes = (struct quis_text){b.p, b.len};
    }
    *ret = program->bytes;
    atomic_flag_clear_explicit(&program->once, memory_order_release);
    return status == 0 ? 0 : api_error(error, &e);
}

int quis_program_listing(struct quis_program *program, struct quis_text *ret, struct quis_error *error)
{
    bool failed = false;
    lock(program);
    if (program->listing.data == NULL) {
        struct buf b;
        buf_init(&b, &program->arena);
        program_disassemble(program->program, NONE, &b);
        failed = b.failed;
        program->listing = (struct quis_text){b.p, b.len};
    }
    *ret = program->listing;
    atomic_flag_clear_explicit(&program->once, memory_order_release);
    return failed ? api_fail(error, ERR_NOMEM, "out of memory") : 0;
}

int quis_program_digest(struct quis_program *program, uint8_t ret[48], struct quis_error *error)
{
    struct err e = {0};
    return program_digest(program->program, ret, &e) == 0 ? 0 : api_error(error, &e);
}

int quis_program_entry(const struct quis_program *program, const char *name, size_t size, uint32_t *ret, struct quis_error *error)
{
    if (program_entry(program->program, str_of(name, size), ret))
        return 0;
    struct err e = {0};
    (void)err_set(&e, ERR_NOT_FOUND, "the program has no entry '%.*s'", (int)(size < 200 ? size : 200), name); /* always -1 */
    return api_error(error, &e);
}

bool quis_program_column(const struct quis_program *program, size_t i, struct quis_column *ret)
{
    const struct program_tables *t = program_get_tables(program->program);
    uint32_t entry;
    if (!program_entry(program->program, STR("query"), &entry) || t->entries[entry].columns == NONE)
        return false;
    struct value columns = t->constants[t->entries[entry].columns];
    if (columns.kind != VALUE_ARRAY || i >= columns.len || columns.items[i].kind != VALUE_OBJECT)
        return false;
    const struct object *o = columns.items[i].object;
    const struct value *kind = object_find_str(o, STR("kind")), *text = object_find_str(o, STR("text"));
    const struct value *row = object_find_str(o, STR("row")), *col = object_find_str(o, STR("col"));
    if (kind == NULL || text == NULL || row == NULL || col == NULL || kind->kind != VALUE_STRING || text->kind != VALUE_STRING ||
        !value_is_int(*row) || !value_is_int(*col))
        return false;
    *ret = (struct quis_column){
        .is_binding = str_equal(value_text(*kind), STR("binding")),
        .text = {text->s, text->len},
        .row = (uint32_t)row->i,
        .column = (uint32_t)col->i,
    };
    return true;
}

struct quis_program *quis_program_ref(struct quis_program *program)
{
    if (program != NULL)
        (void)atomic_fetch_add_explicit(&program->refs, 1, memory_order_relaxed); /* the old count does not matter */
    return program;
}

void quis_program_unref(struct quis_program *program)
{
    if (program == NULL || atomic_fetch_sub_explicit(&program->refs, 1, memory_order_acq_rel) != 1)
        return;
    struct quis_engine *engine = program->engine;
    program_unref(program->program);
    arena_fini(&program->arena);
    alloc_release(&engine->alloc, program, sizeof *program);
    quis_engine_unref(engine);
}
