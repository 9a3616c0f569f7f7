/* SPDX-License-Identifier: Apache-2.0
 *
 * See decide.h.
 */
#include "tests/harness/decide.h"

#include <stdio.h>
#include <string.h>

static bool fail(struct answer *a)
{
    a->is_error = true;
    return false;
}

static bool compile(const struct question *q, struct answer *a)
{
    if (q->data.data != NULL && quis_document_parse(q->engine, q->data.data, q->data.size, &a->data, &a->error) != 0)
        return fail(a);
    if (quis_compiler_new(q->engine, &q->options, &a->compiler, &a->error) != 0)
        return fail(a);
    if (q->data_conflicts && a->data != NULL)
        quis_compiler_set_data(a->compiler, a->data);
    for (size_t i = 0; i < q->module_count; i++)
        if (quis_compiler_add(a->compiler, q->names[i], q->modules[i].data, q->modules[i].size, &a->error) != 0)
            return fail(a);
    if (quis_compiler_set_query(a->compiler, q->query.data, q->query.size, &a->error) != 0 ||
        quis_compiler_finish(a->compiler, &a->program, &a->error) != 0)
        return fail(a);
    return true;
}

struct outcome {
    struct quis_value value;
    struct quis_error error;
    struct quis_usage usage;
    int status;
};

static void run(const struct question *q, struct answer *a, struct quis_vm *vm, struct outcome *ret)
{
    uint32_t entry = 0;
    *ret = (struct outcome){0};
    quis_vm_set_data(vm, a->data);
    ret->status = quis_program_entry(a->program, "query", 5, &entry, &ret->error);
    if (ret->status == 0)
        ret->status = quis_vm_eval(vm, entry, q->input.data, q->input.size, &ret->value, &ret->error);
    quis_vm_usage(vm, &ret->usage);
}

static void add_value(const struct question *q, struct quis_vm *vm, const struct quis_value *v, struct text *t)
{
    struct quis_text json;
    if (quis_vm_json(vm, v, &json, NULL) == 0)
        text_add_json(t, json.data, json.size, q->exact);
    else
        text_printf(t, "(a value without JSON text)");
}

static void compare_outcomes(const struct question *q, struct answer *a, const char *way, struct quis_vm *vm,
                             const struct outcome *first, const struct outcome *o, const char *first_json)
{
    struct text json = {0};
    if (o->status == 0)
        add_value(q, vm, &o->value, &json);
    if (o->status != first->status || strcmp(o->error.code, first->error.code) != 0 ||
        strcmp(o->error.text, first->error.text) != 0)
        text_printf(&a->mismatch, "%s: error %s %s", way, o->error.code, o->error.text);
    else if (o->status == 0 && strcmp(text_get(&json), first_json) != 0)
        text_printf(&a->mismatch, "%s: %s instead of %s", way, text_get(&json), first_json);
    else if (o->status == 0 && o->usage.fuel != first->usage.fuel)
        text_printf(&a->mismatch, "%s: fuel %llu instead of %llu", way, (unsigned long long)o->usage.fuel,
                    (unsigned long long)first->usage.fuel);
    text_free(&json);
}

/* The same after save, load and verify. */
static void check_reloaded(const struct question *q, struct answer *a, const struct outcome *first, const char *first_json)
{
    struct quis_text bytes;
    struct quis_error error = QUIS_ERROR_INIT;
    struct quis_program *loaded = NULL;
    struct quis_vm *vm = NULL;
    struct outcome again;
    if (quis_program_bytes(a->program, &bytes, &error) != 0 ||
        quis_program_load(q->engine, bytes.data, bytes.size, &loaded, &error) != 0 || quis_vm_new(loaded, &vm, &error) != 0) {
        text_printf(&a->mismatch, "saved and loaded: %s: %s", error.code, error.text);
    } else {
        run(q, a, vm, &again);
        compare_outcomes(q, a, "saved and loaded", vm, first, &again, first_json);
    }
    quis_vm_free(vm);
    quis_program_unref(loaded);
}

static void add_binding(const struct question *q, struct answer *a, struct quis_text name, const struct quis_value *v,
                        struct text_list *members)
{
    enum quis_kind kind = quis_value_kind(v);
    struct text member = {0};
    text_printf(&member, "\"%.*s\":", (int)name.size, name.data);
    if (q->sort && (kind == QUIS_ARRAY || kind == QUIS_SET)) {
        struct text_list elements = {0};
        for (size_t i = 0; i < quis_value_size(v); i++) {
            struct quis_value element;
            struct text one = {0};
            if (quis_value_at(v, i, NULL, &element))
                add_value(q, a->vm, &element, &one);
            text_list_take(&elements, &one);
        }
        text_list_sort(&elements, false);
        for (size_t i = 0; i < elements.count; i++)
            text_printf(&member, "%s%s", i == 0 ? "[" : ",", elements.items[i]);
        text_printf(&member, elements.count == 0 ? "[]" : "]");
        text_list_free(&elements);
    } else {
        add_value(q, a->vm, v, &member);
    }
    text_list_take(members, &member);
}

static void take_row(struct text_list *members, struct text_list *rows)
{
    struct text row = {0};
    text_list_sort(members, false);
    text_add(&row, "{", 1);
    for (size_t i = 0; i < members->count; i++)
        text_printf(&row, "%s%s", i == 0 ? "" : ",", members->items[i]);
    text_add(&row, "}", 1);
    text_list_take(rows, &row);
    text_list_free(members);
}

static void read_rows(const struct question *q, struct answer *a, const struct quis_value *rows)
{
    a->rows = quis_value_size(rows);
    for (size_t r = 0; r < a->rows; r++) {
        struct quis_value row, cell;
        struct quis_column column;
        struct text_list members = {0};
        size_t expressions = 0;
        if (!quis_value_at(rows, r, NULL, &row))
            return;
        for (size_t c = 0; quis_program_column(a->program, c, &column) && quis_value_at(&row, c, NULL, &cell); c++) {
            if (column.is_binding) {
                add_binding(q, a, column.text, &cell, &members);
            } else if (++expressions == 1 && a->rows == 1) {
                add_value(q, a->vm, &cell, &a->value);
                a->has_value = true;
            }
        }
        if (members.count > 0 || expressions > 1)
            a->has_value = false;
        take_row(&members, &a->bindings);
    }
    text_list_sort(&a->bindings, true);
}

void decide(const struct question *q, struct answer *ret)
{
    struct outcome first, again;
    struct text json = {0};
    *ret = (struct answer){0};
    if (!compile(q, ret))
        return;
    if (quis_vm_new(ret->program, &ret->vm, &ret->error) != 0) {
        ret->is_error = true;
        return;
    }
    run(q, ret, ret->vm, &first);
    if (first.status == 0)
        add_value(q, ret->vm, &first.value, &json);
    check_reloaded(q, ret, &first, text_get(&json));
    run(q, ret, ret->vm, &again);
    compare_outcomes(q, ret, "a second time", ret->vm, &first, &again, text_get(&json));
    text_free(&json);
    ret->is_error = again.status != 0;
    ret->error = again.error;
    if (!ret->is_error)
        read_rows(q, ret, &again.value);
}

void decide_rows(const struct question *q, struct answer *a, const struct quis_value *rows, struct text_list *ret)
{
    for (size_t r = 0; r < quis_value_size(rows); r++) {
        struct quis_value row, key, cell;
        struct quis_text name;
        struct text_list members = {0};
        if (!quis_value_at(rows, r, NULL, &row))
            break;
        for (size_t i = 0; quis_value_at(&row, i, &key, &cell); i++)
            if (quis_value_text(&key, &name))
                add_binding(q, a, name, &cell, &members);
        take_row(&members, ret);
    }
    text_list_sort(ret, true);
}

void answer_free(struct answer *a)
{
    text_free(&a->mismatch);
    text_free(&a->value);
    text_list_free(&a->bindings);
    quis_vm_free(a->vm);
    quis_program_unref(a->program);
    quis_compiler_free(a->compiler);
    quis_document_unref(a->data);
    *a = (struct answer){0};
}
