/* SPDX-License-Identifier: Apache-2.0
 *
 * An assembler for tests: text to the tables of a program, by the letters of opcodes.def.
 *
 * Line by line; blanks separate, "#" begins a comment:
 *   file NAME                          position ROW COL          (of the last file; numbered from 0)
 *   func NAME KIND args=N regs=N memo overridable keyed=NAME node=PATH      code follows
 *   node PATH [FUNCTION]               in preorder, the root "data" first
 *   entry NAME FUNCTION
 *   switch NAME CONSTANT=LABEL,LABEL ... else=LABEL,...     inside a function
 *   line POSITION                      from the next instruction on
 *   LABEL:
 *   OP or OP/x, then its operands in the order of the table:
 *     registers r0, i0, b0, f0 ...; constants as JSON without blanks; paths as JSON arrays; functions and nodes by name;
 *     builtins NAME/ARGC; switches by name; jump targets by label; numbers and positions as numbers
 * "!word BITS" emits a raw word, "!regs N" and "!keyed NAME" patch: for programs that must be refused.
 */
#ifndef QUIS_TESTS_ASSEMBLE_H
#define QUIS_TESTS_ASSEMBLE_H

#include <stdio.h>
#include <stdlib.h>

#include "vm/json.h"
#include "vm/program.h"

#define ASM_NAMES 256
#define ASM_TOKENS 64

struct asm_name {
    char text[64];
    uint32_t row;
};

struct asm_names {
    struct asm_name items[ASM_NAMES];
    size_t count;
};

struct assembler {
    struct program_builder *b;
    struct arena *arena;
    struct asm_names functions, labels, switches, nodes;
    struct {
        uint32_t word, label; /* code[word].ext.e or, with is_target, switch_targets[word] */
        bool is_target;
    } fixups[4096];
    size_t fixup_count;
    uint32_t function, file;
    char error[256];
};

static const struct {
    const char *name;
    uint8_t words;
    char letters[6];
} asm_ops[OP_COUNT] = {
#define OP(name, words, a, b, c, d, e, doc) {#name, words, #a #b #c #d #e},
#include "vm/opcodes.def"
#undef OP
};

static inline bool asm_fail(struct assembler *s, const char *what, const char *token)
{
    if (s->error[0] == '\0')
        (void)snprintf(s->error, sizeof s->error, "%s: %s", what, token);
    return false;
}

static inline uint32_t asm_find(const struct asm_names *n, const char *text)
{
    for (size_t i = 0; i < n->count; i++) {
        if (strcmp(n->items[i].text, text) == 0)
            return n->items[i].row;
    }
    return NONE;
}

static inline void asm_name(struct asm_names *n, const char *text, uint32_t row)
{
    if (n->count < ASM_NAMES) {
        (void)snprintf(n->items[n->count].text, sizeof n->items[0].text, "%s", text);
        n->items[n->count++].row = row;
    }
}

static inline struct value asm_value(struct assembler *s, const char *json)
{
    struct value v = value_undefined();
    struct err e = {0};
    struct str text = arena_str(s->arena, str_cstr(json));
    if (json_parse(s->arena, text, NULL, &v, &e) != 0)
        (void)asm_fail(s, "not JSON", json);
    return v;
}

/* A label's number, made when it is new. */
static inline uint32_t asm_label(struct assembler *s, const char *text)
{
    for (size_t i = 0; i < s->labels.count; i++) {
        if (strcmp(s->labels.items[i].text, text) == 0)
            return (uint32_t)i;
    }
    asm_name(&s->labels, text, NONE);
    return (uint32_t)s->labels.count - 1;
}

static inline void asm_fixup(struct assembler *s, uint32_t word, const char *label, bool is_target)
{
    s->fixups[s->fixup_count].word = word;
    s->fixups[s->fixup_count].is_target = is_target;
    s->fixups[s->fixup_count++].label = asm_label(s, label);
}

static inline uint32_t asm_path(struct assembler *s, const char *json)
{
    uint32_t rows[32], count = 0;
    struct value v = asm_value(s, json);
    for (uint32_t i = 0; i < v.len && i < 32; i++)
        rows[count++] = builder_constant(s->b, v.items[i]);
    return builder_path(s->b, rows, count);
}

static inline uint32_t asm_builtin(struct assembler *s, char *token)
{
    char *slash = strrchr(token, '/');
    uint32_t argc = slash != NULL ? (uint32_t)strtoul(slash + 1, NULL, 10) : 0;
    return builder_builtin(s->b, str_of(token, slash != NULL ? (size_t)(slash - token) : strlen(token)), argc);
}

static inline uint32_t asm_operand(struct assembler *s, char letter, char *token, uint32_t ext_word)
{
    if (token[0] == '=') /* a number as it is */
        return (uint32_t)strtoul(token + 1, NULL, 10);
    switch (letter) {
    case 'N':
    case 'A':
        return (uint32_t)strtoul(token, NULL, 10);
    case 'K':
        return builder_constant(s->b, asm_value(s, token));
    case 'P':
        return asm_path(s, token);
    case 'F':
        return asm_find(&s->functions, token);
    case 'B':
        return asm_builtin(s, token);
    case 'T':
        return asm_find(&s->nodes, token);
    case 'S':
        return asm_find(&s->switches, token);
    case 'J':
        asm_fixup(s, ext_word, token, false);
        return 0;
    default:
        return (uint32_t)strtoul(token + 1, NULL, 10);
    }
}

static inline bool asm_insn(struct assembler *s, char **tokens, size_t count)
{
    char *slash = strchr(tokens[0], '/');
    uint8_t x = slash != NULL ? (uint8_t)strtoul(slash + 1, NULL, 10) : 0;
    if (slash != NULL)
        *slash = '\0';
    size_t op = 0;
    while (op < OP_COUNT && strcmp(asm_ops[op].name, tokens[0]) != 0)
        op++;
    if (op == OP_COUNT)
        return asm_fail(s, "no such instruction", tokens[0]);
    uint32_t operands[5] = {0};
    size_t next = 1;
    for (size_t i = 0; i < 5; i++) {
        char letter = asm_ops[op].letters[i];
        if (letter == '_' || next == count)
            continue;
        if (i == 3 && letter == 'N' && op >= OP_WITH_VALUE && op <= OP_WITH_BUILTIN)
            letter = x == MOCK_BUILTIN ? 'B' : 'F';
        operands[i] = asm_operand(s, letter, tokens[next++], (uint32_t)s->b->t.code_count + 1);
    }
    if (next != count)
        return asm_fail(s, "too many operands", tokens[0]);
    union word w = {.insn = {(uint8_t)op, x, (uint16_t)operands[0], (uint16_t)operands[1], (uint16_t)operands[2]}};
    (void)TABLE_PUSH(s->b, code, w);
    if (asm_ops[op].words == 2) {
        w = (union word){.ext = {operands[3], operands[4]}};
        (void)TABLE_PUSH(s->b, code, w);
    }
    return true;
}

static inline void asm_end_function(struct assembler *s)
{
    if (s->function == NONE)
        return;
    struct function *fn = &s->b->t.functions[s->function];
    fn->words = (uint32_t)s->b->t.code_count - fn->code;
    for (size_t i = 0; i < s->fixup_count; i++) {
        uint32_t word = s->labels.items[s->fixups[i].label].row;
        if (s->fixups[i].is_target)
            s->b->t.switch_targets[s->fixups[i].word] = word;
        else
            s->b->t.code[s->fixups[i].word].ext.e = word;
    }
    s->fixup_count = s->labels.count = 0;
    s->function = NONE;
}

static inline void asm_function(struct assembler *s, char **tokens, size_t count)
{
    static const char *const kinds[] = {"complete", "set", "object", "deep", "call", "keyed", "query"};
    asm_end_function(s);
    s->function = asm_find(&s->functions, tokens[1]);
    struct function *fn = &s->b->t.functions[s->function];
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(tokens[2], kinds[i]) == 0)
            fn->kind = (uint8_t)i;
    }
    fn->code = (uint32_t)s->b->t.code_count;
    for (size_t i = 3; i < count; i++) {
        const char *value = strchr(tokens[i], '=') != NULL ? strchr(tokens[i], '=') + 1 : "";
        if (strncmp(tokens[i], "args=", 5) == 0)
            fn->args = (uint32_t)strtoul(value, NULL, 10);
        else if (strncmp(tokens[i], "regs=", 5) == 0)
            fn->registers = (uint32_t)strtoul(value, NULL, 10);
        else if (strncmp(tokens[i], "keyed=", 6) == 0)
            fn->keyed = asm_find(&s->functions, value);
        else if (strncmp(tokens[i], "node=", 5) == 0)
            fn->node = asm_find(&s->nodes, value);
        else if (strcmp(tokens[i], "memo") == 0)
            fn->flags |= FUNCTION_MEMO;
        else if (strcmp(tokens[i], "overridable") == 0)
            fn->flags |= FUNCTION_OVERRIDABLE;
    }
}

static inline uint32_t asm_targets(struct assembler *s, char *labels, uint32_t *ret_count)
{
    uint32_t first = (uint32_t)s->b->t.switch_targets_count;
    for (char *label = strtok(labels, ","); label != NULL; label = strtok(NULL, ",")) {
        asm_fixup(s, (uint32_t)s->b->t.switch_targets_count, label, true);
        (void)TABLE_PUSH(s->b, switch_targets, 0);
    }
    *ret_count = (uint32_t)s->b->t.switch_targets_count - first;
    return first;
}

static inline void asm_switch(struct assembler *s, char **tokens, size_t count)
{
    struct switch_table table = {.first_case = (uint32_t)s->b->t.switch_cases_count};
    for (size_t i = 2; i < count; i++) {
        char *equals = strrchr(tokens[i], '=');
        *equals = '\0';
        if (strcmp(tokens[i], "else") == 0) {
            table.otherwise = asm_targets(s, equals + 1, &table.otherwise_count);
            continue;
        }
        struct switch_case c = {.constant = builder_constant(s->b, asm_value(s, tokens[i]))};
        c.first = asm_targets(s, equals + 1, &c.count);
        (void)TABLE_PUSH(s->b, switch_cases, c);
        table.cases++;
    }
    asm_name(&s->switches, tokens[1], TABLE_PUSH(s->b, switches, table));
}

/* Nodes come in preorder; the last one with a path that this one extends is its parent. */
static inline void asm_node(struct assembler *s, char **tokens, size_t count)
{
    struct program_tables *t = &s->b->t;
    uint32_t row = (uint32_t)t->nodes_count;
    struct tree_node n = {NONE, NONE, NONE, NONE, count > 2 ? asm_find(&s->functions, tokens[2]) : NONE, 1};
    char *dot = strrchr(tokens[1], '.');
    asm_name(&s->nodes, tokens[1], row);
    if (dot != NULL) {
        n.key = builder_string(s->b, str_cstr(arena_str(s->arena, str_cstr(dot + 1)).p));
        *dot = '\0';
        n.parent = asm_find(&s->nodes, tokens[1]);
        uint32_t *link = &t->nodes[n.parent].first_child;
        while (*link != NONE)
            link = &t->nodes[*link].next;
        *link = row;
    }
    (void)TABLE_PUSH(s->b, nodes, n);
}

static inline bool asm_line(struct assembler *s, char **tokens, size_t count)
{
    struct program_tables *t = &s->b->t;
    size_t len = strlen(tokens[0]);
    if (strcmp(tokens[0], "file") == 0) {
        struct file f = {builder_string(s->b, arena_str(s->arena, str_cstr(tokens[1]))), NONE};
        s->file = TABLE_PUSH(s->b, files, f);
    } else if (strcmp(tokens[0], "position") == 0) {
        struct position p = {s->file, (uint32_t)atoi(tokens[1]), (uint32_t)atoi(tokens[2]), 0, 0};
        (void)TABLE_PUSH(s->b, positions, p);
    } else if (strcmp(tokens[0], "line") == 0) {
        struct line line = {(uint32_t)t->code_count, (uint32_t)atoi(tokens[1])};
        (void)TABLE_PUSH(s->b, lines, line);
    } else if (strcmp(tokens[0], "func") == 0) {
        asm_function(s, tokens, count);
    } else if (strcmp(tokens[0], "node") == 0) {
        asm_node(s, tokens, count);
    } else if (strcmp(tokens[0], "switch") == 0) {
        asm_switch(s, tokens, count);
    } else if (strcmp(tokens[0], "entry") == 0) {
        struct entry entry = {builder_string(s->b, arena_str(s->arena, str_cstr(tokens[1]))), asm_find(&s->functions, tokens[2]),
                              NONE};
        (void)TABLE_PUSH(s->b, entries, entry);
    } else if (strcmp(tokens[0], "!word") == 0) {
        union word w;
        uint64_t bits = strtoull(tokens[1], NULL, 0);
        w.ext.d = (uint32_t)bits;
        w.ext.e = (uint32_t)(bits >> 32);
        (void)TABLE_PUSH(s->b, code, w);
    } else if (tokens[0][len - 1] == ':') {
        tokens[0][len - 1] = '\0';
        s->labels.items[asm_label(s, tokens[0])].row = (uint32_t)t->code_count - t->functions[s->function].code;
    } else {
        return asm_insn(s, tokens, count);
    }
    return true;
}

static inline size_t asm_tokens(char *line, char **tokens)
{
    size_t count = 0;
    char *save = NULL;
    for (char *t = strtok_r(line, " \t", &save); t != NULL && t[0] != '#' && count < ASM_TOKENS; t = strtok_r(NULL, " \t", &save))
        tokens[count++] = t;
    return count;
}

/* Functions may be named before they are written. */
static inline void asm_declare(struct assembler *s, char **tokens)
{
    struct function fn = {
        .name = builder_string(s->b, arena_str(s->arena, str_cstr(tokens[1]))), .keyed = NONE, .node = NONE, .position = NONE};
    asm_name(&s->functions, tokens[1], TABLE_PUSH(s->b, functions, fn));
}

/* false: *ret_error says what is wrong. */
static inline bool assemble(const char *text, struct program_builder *b, struct arena *arena, char ret_error[256])
{
    struct assembler *s = calloc(1, sizeof *s);
    builder_init(b, arena);
    *s = (struct assembler){.b = b, .arena = arena, .function = NONE, .file = NONE};
    for (int pass = 0; pass < 2; pass++) {
        char *copy = (char *)(uintptr_t)arena_str(arena, str_cstr(text)).p, *save = NULL; /* strings of constants stay there */
        for (char *line = strtok_r(copy, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
            char *tokens[ASM_TOKENS];
            size_t count = asm_tokens(line, tokens);
            if (count != 0 && pass == 0 && strcmp(tokens[0], "func") == 0)
                asm_declare(s, tokens);
            if (count != 0 && pass == 1 && s->error[0] == '\0')
                (void)asm_line(s, tokens, count); /* s->error says so */
        }
    }
    asm_end_function(s);
    bool ok = s->error[0] == '\0' && !b->failed;
    memcpy(ret_error, s->error, sizeof s->error);
    free(s);
    return ok;
}

#endif
