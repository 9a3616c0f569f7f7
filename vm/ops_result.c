/* SPDX-License-Identifier: Apache-2.0
 *
 * Results that conflict, prints and traces.
 *
 * OPA's error for conflicting definitions lists the value of each. When RESULT finds a conflict, the running call begins anew
 * with how = HOW_COLLECT: each RESULT then notes a value instead of comparing, and the return raises the error. This needs
 * argument registers that the function does not write (else the listing is of no use, but nothing worse).
 */
#include "vm/interp_value.h"

#include "base/utf8.h"

#define LISTED_MOST 80u      /* code points of a value in the listing, as OPA */
#define LISTED_WEIGHT 100000 /* values that are heavier are not written out */

/* ---- conflicts ---- */

static void collect(struct vm *vm, const struct value *v, uint32_t position)
{
    struct conflict *c = &vm->conflict;
    if (c->more || (c->count != 0 && value_equal(c->values[0], *v)))
        return;
    if (c->count > 1 && c->positions[c->count - 1] == position)
        return; /* one conflicting value per definition is enough */
    if (c->count == CONFLICT_MOST) {
        c->more = true;
        return;
    }
    c->values[c->count] = *v;
    c->positions[c->count++] = position;
}

static int begin_collecting(struct vm *vm, uint8_t kind, uint32_t position)
{
    struct call *call = &vm->calls[vm->top];
    const struct function_info *info = &vm->program->info[call->function];
    vm->conflict = (struct conflict){.at = position, .call = vm->top, .kind = kind, .errors = vm->error_count};
    vm->collecting = true;
    call->how = HOW_COLLECT;
    call->resume = 0;
    vm->frame_count = call->frames;
    vm_set_frame(vm, call->own);
    struct value *window = vm->stack + call->base;
    for (uint32_t i = info->clear_from; i < info->clear_to; i++)
        window[i] = value_undefined();
    return ACTION_AGAIN;
}

int result_differs(struct vm *vm, struct value *first, const struct value *v, uint8_t kind, uint32_t position)
{
    bool collecting = vm->collecting && vm->conflict.call == vm->top;
    if (collecting)
        collect(vm, v, position);
    if (first->kind == VALUE_UNDEFINED)
        *first = *v;
    if (collecting)
        return ACTION_NEXT;
    int same = equal_fast(first, v);
    if (same < 0)
        same = equal_weighed(vm, first, v);
    if (same != 0)
        return same < 0 ? ACTION_STOP : ACTION_NEXT;
    if (kind > 1)
        return vm_stop_at(vm, position, ERR_EVAL_CONFLICT, "object keys must be unique");
    return begin_collecting(vm, kind, position);
}

static bool is_space(uint32_t c)
{
    return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* Text on one line, blanks made one, cut. */
static void write_cut(struct buf *b, struct str s)
{
    unsigned written = 0;
    bool blank = false;
    for (size_t i = 0; i < s.len;) {
        unsigned len;
        uint32_t c = utf8_decode(s.p + i, s.len - i, &len);
        if (is_space(c)) {
            blank = written != 0;
        } else {
            if (written + blank >= LISTED_MOST) {
                buf_cstr(b, blank && written < LISTED_MOST ? " ..." : "...");
                return;
            }
            if (blank)
                buf_char(b, ' ');
            buf_bytes(b, s.p + i, len);
            written += 1u + blank;
            blank = false;
        }
        i += len;
    }
}

static int compare_places(const struct program_tables *t, uint32_t a, uint32_t b)
{
    const struct position *p = &t->positions[a], *q = &t->positions[b];
    int order = p->file == q->file
                    ? 0
                    : str_compare(program_text(t, t->files[p->file].name), program_text(t, t->files[q->file].name));
    if (order == 0)
        order = (p->row > q->row) - (p->row < q->row);
    return order != 0 ? order : (p->col > q->col) - (p->col < q->col);
}

/* Order of the source; few rows. */
static void sort_places(const struct program_tables *t, struct conflict *c)
{
    for (uint32_t i = 1; i < c->count; i++) {
        for (uint32_t j = i; j > 0 && compare_places(t, c->positions[j - 1], c->positions[j]) > 0; j--) {
            uint32_t position = c->positions[j];
            struct value v = c->values[j];
            c->positions[j] = c->positions[j - 1];
            c->values[j] = c->values[j - 1];
            c->positions[j - 1] = position;
            c->values[j - 1] = v;
        }
    }
}

static void write_value(struct vm *vm, struct buf *b, struct value v)
{
    if (vm_is_heavier(v, LISTED_WEIGHT)) {
        buf_cstr(b, "...");
        return;
    }
    struct buf text;
    buf_init(&text, &vm->arena);
    value_write_rego(&text, v);
    write_cut(b, buf_view(&text));
}

int result_collected(struct vm *vm)
{
    const struct program_tables *t = &vm->program->t;
    struct conflict *c = &vm->conflict;
    struct str name = program_text(t, t->functions[vm->calls[c->call].function].name);
    vm->collecting = false;
    vm->error_count = c->errors;
    struct buf b;
    buf_init(&b, &vm->arena);
    if (c->kind == 0)
        buf_printf(&b, "rule %.*s produced conflicting values", (int)name.len, name.p);
    else
        buf_printf(&b, "function %.*s produced conflicting values for the same inputs", (int)name.len, name.p);
    if (c->count > 1) {
        buf_char(&b, ':');
        sort_places(t, c);
        for (uint32_t i = 0; i < c->count; i++) {
            const struct position *p = &t->positions[c->positions[i]];
            struct str file = program_text(t, t->files[p->file].name);
            buf_cstr(&b, "\n  ");
            write_value(vm, &b, c->values[i]);
            if (file.len != 0)
                buf_printf(&b, " at %.*s:%u", (int)file.len, file.p, p->row);
            else
                buf_printf(&b, " at %u:%u", p->row, p->col);
        }
        if (c->more)
            buf_cstr(&b, "\n  ...");
    }
    buf_char(&b, '\0');
    return vm_stop_at(vm, c->at, ERR_EVAL_CONFLICT, "%s", b.failed ? "rules produced conflicting values" : b.p);
}

/* ---- prints ---- */

static void write_operand(struct buf *b, struct value v)
{
    if (v.kind == VALUE_STRING)
        buf_str(b, value_text(v));
    else
        value_write_rego(b, v);
}

/* One line: of each operand the element that at says. */
static int print_line(struct vm *vm, struct value args, const uint32_t *at, uint32_t position)
{
    const struct program_tables *t = &vm->program->t;
    struct buf b;
    buf_init(&b, &vm->arena);
    for (uint32_t i = 0; i < args.len; i++) {
        struct value v = args.items[i];
        if (i != 0)
            buf_char(&b, ' ');
        if (v.kind != VALUE_SET)
            write_operand(&b, v);
        else if (v.set->count == 0)
            buf_cstr(&b, "<undefined>");
        else
            write_operand(&b, set_items(v.set)[at[i]]);
    }
    if (b.failed)
        return vm_stop_nomem(vm);
    vm->printed += b.len + 1;
    if (vm->printed > vm->options.limits.prints)
        return vm_stop(vm, ERR_LIMIT_OUTPUT, "too much is printed (limit 'prints')");
    const struct position *p = &t->positions[position];
    vm->ctx.host->print(vm->ctx.host->ctx, b.len != 0 ? buf_view(&b) : STR(""), program_text(t, t->files[p->file].name), p->row);
    return vm_charge(vm, 8 + b.len / 16) ? ACTION_NEXT : ACTION_STOP;
}

/* The next combination of elements, the last operand turning fastest. false: there was none. */
static bool next_line(struct value args, uint32_t *at)
{
    for (uint32_t i = args.len; i-- > 0;) {
        uint32_t count = args.items[i].kind == VALUE_SET ? args.items[i].set->count : 1;
        if (++at[i] < count)
            return true;
        at[i] = 0;
    }
    return false;
}

int result_print(struct vm *vm, const struct value *args, uint32_t position)
{
    if (vm->ctx.host->print == NULL || args->kind != VALUE_ARRAY)
        return ACTION_NEXT;
    for (uint32_t i = 0; i < args->len; i++) {
        uint8_t kind = args->items[i].kind;
        if (kind == VALUE_ARRAY || kind == VALUE_OBJECT)
            return vm_stop(vm, ERR_EVAL_INTERNAL, "illegal argument type: %s", value_kind_name((enum value_kind)kind));
    }
    uint32_t *at = arena_zeroed(&vm->arena, args->len, sizeof *at);
    if (at == NULL)
        return vm_stop_nomem(vm);
    do {
        if (!vm_weigh(vm, *args) || print_line(vm, *args, at, position) == ACTION_STOP)
            return ACTION_STOP;
    } while (next_line(*args, at));
    return ACTION_NEXT;
}

/* ---- traces ---- */

void result_trace(struct vm *vm, enum trace_event kind, uint32_t position, uint32_t number)
{
    if (vm->options.trace == NULL)
        return;
    struct vm_event event = {kind, position, number, vm->top, vm->program, vm};
    vm->options.trace(vm->options.trace_ctx, &event);
}
