/* SPDX-License-Identifier: Apache-2.0
 *
 * A readable listing of a program, driven by the letters of opcodes.def.
 *
 * Lines of the source stand before the code that was made from them; jumps go to labels L<word>; constants, paths, functions
 * and builtins are spelled out. For people: the text may change, and long values are cut.
 */
#include "vm/program_priv.h"
#include "vm/value_index.h"
#include "vm/verify.h"

#define VALUE_MOST 60u
#define SOURCE_MOST 100u

struct listing {
    const struct program *p;
    const struct program_tables *t;
    const struct function *fn;
    struct buf *out;
    uint64_t *labels; /* bit per word of the function */
};

static void write_cut(struct buf *b, struct str s, size_t most)
{
    size_t n = s.len < most ? s.len : most;
    while (n < s.len && n > 0 && ((unsigned char)s.p[n] & 0xC0u) == 0x80u)
        n--;
    buf_bytes(b, s.p, n);
    if (n < s.len)
        buf_cstr(b, "...");
}

static void write_value(struct buf *b, struct value v)
{
    struct buf text;
    buf_init(&text, b->arena);
    if (v.kind >= VALUE_ARRAY && value_count(v) > VALUE_MOST) {
        buf_printf(b, "<%s of %zu>", value_kind_name((enum value_kind)v.kind), value_count(v));
        return;
    }
    value_write_rego(&text, v);
    write_cut(b, buf_view(&text), VALUE_MOST);
}

static void write_constant(const struct listing *l, uint32_t row)
{
    write_value(l->out, l->t->constants[row]);
}

static void write_path(const struct listing *l, uint32_t row)
{
    const struct path *path = &l->t->paths[row];
    buf_char(l->out, '[');
    for (uint32_t i = 0; i < path->count; i++) {
        if (i != 0)
            buf_cstr(l->out, ", ");
        write_constant(l, l->t->path_keys[path->first + i]);
    }
    buf_char(l->out, ']');
}

static void write_node(const struct listing *l, uint32_t node)
{
    if (node != 0) {
        write_node(l, l->t->nodes[node].parent); /* as deep as the tree */
        buf_char(l->out, '.');
        value_write_rego(l->out, l->t->constants[l->t->nodes[node].key]);
    } else {
        buf_cstr(l->out, "data");
    }
}

static void write_position(const struct listing *l, uint32_t row)
{
    const struct position *p = &l->t->positions[row];
    buf_str(l->out, program_text(l->t, l->t->files[p->file].name));
    buf_printf(l->out, ":%u:%u", p->row, p->col);
}

static void write_list(const struct listing *l, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++)
        buf_printf(l->out, " L%u", l->t->switch_targets[i]);
    buf_char(l->out, '\n');
}

static void write_switch(const struct listing *l, uint32_t row)
{
    const struct switch_table *s = &l->t->switches[row];
    for (uint32_t i = 0; i < s->cases; i++) {
        const struct switch_case *c = &l->t->switch_cases[s->first_case + i];
        buf_cstr(l->out, "                    ");
        write_constant(l, c->constant);
        buf_cstr(l->out, " ->");
        write_list(l, c->first, c->count);
    }
    buf_cstr(l->out, "                    else ->");
    write_list(l, s->otherwise, s->otherwise_count);
}

/* ---- operands ---- */

static void write_small(const struct listing *l, char letter, const struct insn *in, uint16_t operand)
{
    switch (letter) {
    case '_':
        return;
    case 'N':
        buf_printf(l->out, " %u", operand);
        return;
    case 'V': {
        uint32_t run = in->op == OP_OBJECT ? 2u * in->c : in->c;
        if (run <= 1)
            run == 0 ? buf_cstr(l->out, " -") : buf_printf(l->out, " r%u", operand);
        else
            buf_printf(l->out, " r%u..r%u", operand, operand + run - 1);
        return;
    }
    default:
        buf_printf(l->out, " %c%u", letter == 'I' ? 'i' : letter == 'L' ? 'b' : letter == 'G' ? 'f' : 'r', operand);
    }
}

static void write_large(const struct listing *l, char letter, const struct insn *in, uint32_t operand)
{
    if (letter == '_' || (letter == 'S'))
        return;
    buf_char(l->out, ' ');
    if (letter == 'N' && in->op >= OP_WITH_VALUE && in->op <= OP_WITH_BUILTIN)
        letter = in->x == MOCK_BUILTIN ? 'B' : 'F';
    switch (letter) {
    case 'K':
        write_constant(l, operand);
        return;
    case 'P':
        write_path(l, operand);
        return;
    case 'F':
        buf_str(l->out, program_text(l->t, l->t->functions[operand].name));
        if (l->t->functions[operand].kind == FUNCTION_KEYED)
            buf_cstr(l->out, "[key]");
        return;
    case 'B':
        buf_str(l->out, program_text(l->t, l->t->builtins[operand].name));
        return;
    case 'T':
        write_node(l, operand);
        return;
    case 'A':
        write_position(l, operand);
        return;
    case 'J':
        buf_printf(l->out, "else L%u", operand);
        return;
    default:
        buf_printf(l->out, "%u", operand);
    }
}

static const char *word_of_x(const struct insn *in)
{
    static const char *const build[] = {" array", " object", " set"}, *const cmp[] = {" ==", " !=", " <", " <=", " >", " >="},
                             *const next[] = {" -", " key", " value", " both"}, *const result[] = {" rule", " function", " key"},
                             *const trace[] = {" enter", " exit",  " eval",  " redo",  " fail", " leave", " done",
                                               " cut",   " begin", " match", " ready", " end",  " call"};
    switch (in->op) {
    case OP_BUILD:
        return in->x == BUILD_ARRAY ? build[0] : in->x == BUILD_OBJECT ? build[1] : build[2];
    case OP_CMP:
        return cmp[in->x];
    case OP_NEXT:
        return next[in->x];
    case OP_RESULT:
        return result[in->x];
    case OP_TRACE:
        return trace[in->x];
    case OP_PUT_DEEP:
        return in->x == 0 ? " value" : " element";
    default:
        return "";
    }
}

static void write_insn(const struct listing *l, uint32_t at)
{
    const union word *pc = l->t->code + l->fn->code + at;
    const struct insn *in = &pc->insn;
    const struct op_format *f = &verify_formats[in->op];
    if (l->labels[at / 64] >> (at % 64) & 1)
        buf_printf(l->out, "  L%u:\n", at);
    bool bare = f->a == '_' && f->words == 1;
    buf_printf(l->out, "    %5u  %-*s%s", at, bare ? 0 : 12, f->name, word_of_x(in));
    write_small(l, f->a, in, in->a);
    if (in->op != OP_NEXT || (in->x & NEXT_KEY))
        write_small(l, f->b, in, in->b);
    if (f->b != 'V' && (in->op != OP_NEXT || (in->x & NEXT_VALUE)))
        write_small(l, f->c, in, in->c);
    if (f->words == 2) {
        write_large(l, f->d, in, pc[1].ext.d);
        write_large(l, f->e, in, pc[1].ext.e);
    }
    buf_char(l->out, '\n');
    if (in->op == OP_SWITCH)
        write_switch(l, pc[1].ext.d);
}

/* ---- source and labels ---- */

/* The line of text that holds offset. */
static struct str line_at(struct str text, uint32_t offset)
{
    size_t from = offset < text.len ? offset : text.len, to = from;
    while (from > 0 && text.p[from - 1] != '\n')
        from--;
    while (to < text.len && text.p[to] != '\n')
        to++;
    while (from < to && (text.p[from] == ' ' || text.p[from] == '\t'))
        from++;
    return str_of(text.p + from, to - from);
}

static void write_source(const struct listing *l, uint32_t position)
{
    const struct position *p = &l->t->positions[position];
    const struct file *file = &l->t->files[p->file];
    buf_cstr(l->out, "  ; ");
    write_position(l, position);
    if (file->text != NONE) {
        buf_cstr(l->out, "  ");
        write_cut(l->out, line_at(program_text(l->t, file->text), p->offset), SOURCE_MOST);
    }
    buf_char(l->out, '\n');
}

static void mark(const struct listing *l, uint32_t word)
{
    l->labels[word / 64] |= UINT64_C(1) << (word % 64);
}

static void mark_list(const struct listing *l, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++)
        mark(l, l->t->switch_targets[i]);
}

static void mark_labels(const struct listing *l)
{
    for (uint32_t at = 0; at < l->fn->words;) {
        const union word *pc = l->t->code + l->fn->code + at;
        const struct op_format *f = &verify_formats[pc->insn.op];
        if (f->e == 'J')
            mark(l, pc[1].ext.e);
        if (pc->insn.op == OP_SWITCH) {
            const struct switch_table *s = &l->t->switches[pc[1].ext.d];
            mark_list(l, s->otherwise, s->otherwise_count);
            for (uint32_t i = 0; i < s->cases; i++)
                mark_list(l, l->t->switch_cases[s->first_case + i].first, l->t->switch_cases[s->first_case + i].count);
        }
        at += f->words;
    }
}

static void write_function(struct listing *l, uint32_t function)
{
    static const char *const kinds[] = {"complete", "set", "object", "deep", "function", "keyed", "query"};
    l->fn = &l->t->functions[function];
    l->labels = arena_zeroed(l->out->arena, l->fn->words / 64 + 1, sizeof *l->labels);
    if (l->labels == NULL) {
        l->out->failed = true;
        return;
    }
    mark_labels(l);
    buf_printf(l->out, "%s ", kinds[l->fn->kind]);
    buf_str(l->out, program_text(l->t, l->fn->name));
    buf_printf(l->out, "  (%u words, %u registers, %u arguments%s%s)\n", l->fn->words, l->fn->registers, l->fn->args,
               l->fn->flags & FUNCTION_MEMO ? ", memo" : "", l->fn->flags & FUNCTION_OVERRIDABLE ? ", overridable" : "");
    uint32_t last = NONE;
    for (uint32_t at = 0; at < l->fn->words;) {
        uint32_t position = program_position(l->p, l->fn->code + at);
        if (position != last && position != NONE)
            write_source(l, position);
        last = position;
        write_insn(l, at);
        at += verify_formats[l->t->code[l->fn->code + at].insn.op].words;
    }
}

void program_disassemble(const struct program *p, uint32_t function, struct buf *out)
{
    struct listing l = {.p = p, .t = &p->t, .out = out};
    for (uint32_t i = 0; i < p->t.functions_count && !out->failed; i++) {
        if (function != NONE && function != i)
            continue;
        if (out->len != 0)
            buf_char(out, '\n');
        write_function(&l, i);
    }
}
