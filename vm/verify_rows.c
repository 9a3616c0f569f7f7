/* SPDX-License-Identifier: Apache-2.0
 *
 * Verifying rows: every reference from one table to another, the shape of the rule tree, kinds of functions.
 *
 * Work is linear in the tables: lists of switches may overlap, but only so much (LISTS_MOST).
 */
#include "vm/verify.h"

#define PATH_MOST 4096u /* keys of one path */
#define ARGUMENTS_MOST 4096u

#define CHECK(condition, ...)                                                                                                    \
    do {                                                                                                                         \
        if (!(condition))                                                                                                        \
            return err_set(e, ERR_PROGRAM, __VA_ARGS__);                                                                         \
    } while (0)

static bool is_text(const struct program_tables *t, uint32_t constant)
{
    return constant < t->constants_count && t->constants[constant].kind == VALUE_STRING;
}

static bool is_within(uint32_t first, uint32_t count, size_t rows)
{
    return first <= rows && count <= rows - first;
}

static bool is_row_or_none(uint32_t row, size_t rows)
{
    return row == NONE || row < rows;
}

/* ---- functions ---- */

static int verify_function_row(const struct program_tables *t, uint32_t i, struct err *e)
{
    const struct function *fn = &t->functions[i];
    CHECK(is_text(t, fn->name), "function %u has no name", i);
    CHECK(is_within(fn->code, fn->words, t->code_count) && fn->words != 0, "function %u: its code is out of range", i);
    CHECK(fn->registers <= VERIFY_REGISTERS_MOST, "function %u has too many registers", i);
    CHECK(fn->args <= fn->registers && fn->args <= ARGUMENTS_MOST, "function %u has more arguments than registers", i);
    CHECK(fn->kind <= FUNCTION_QUERY, "function %u: unknown kind", i);
    CHECK(fn->flags <= (FUNCTION_MEMO | FUNCTION_OVERRIDABLE), "function %u: unknown flags", i);
    CHECK(is_row_or_none(fn->node, t->nodes_count), "function %u: its node is out of range", i);
    CHECK(is_row_or_none(fn->position, t->positions_count), "function %u: its position is out of range", i);
    if (fn->kind == FUNCTION_KEYED)
        CHECK(fn->args == 1, "function %u: a keyed function has one argument", i);
    else if (fn->kind != FUNCTION_CALL)
        CHECK(fn->args == 0, "function %u: a rule has no arguments", i);
    if (fn->keyed != NONE) {
        CHECK(fn->kind == FUNCTION_SET || fn->kind == FUNCTION_OBJECT || fn->kind == FUNCTION_DEEP,
              "function %u: only partial rules are keyed", i);
        CHECK(fn->keyed < t->functions_count && t->functions[fn->keyed].kind == FUNCTION_KEYED,
              "function %u: its keyed function is none", i);
    }
    return 0;
}

static int verify_functions(const struct program_tables *t, struct err *e)
{
    uint64_t words = 0;
    for (uint32_t i = 0; i < t->functions_count; i++) {
        if (verify_function_row(t, i, e) != 0)
            return -1;
        words += t->functions[i].words;
    }
    CHECK(words <= t->code_count, "functions share code");
    return 0;
}

/* ---- switches ---- */

static int verify_list(const struct program_tables *t, uint32_t first, uint32_t count, uint64_t *left, struct err *e)
{
    CHECK(is_within(first, count, t->switch_targets_count), "a switch list is out of range");
    CHECK(count <= *left, "switch lists overlap too much");
    *left -= count;
    for (uint32_t i = 1; i < count; i++)
        CHECK(t->switch_targets[first + i - 1] < t->switch_targets[first + i], "a switch list is not in order");
    return 0;
}

static int verify_switches(const struct program_tables *t, struct err *e)
{
    uint64_t left = 16 * ((uint64_t)t->switch_targets_count + t->switch_cases_count) + 1024;
    uint64_t cases = 0;
    for (size_t i = 0; i < t->switches_count; i++) {
        const struct switch_table *s = &t->switches[i];
        CHECK(is_within(s->first_case, s->cases, t->switch_cases_count), "switch %zu: its cases are out of range", i);
        cases += s->cases;
        CHECK(cases <= t->switch_cases_count, "switches share cases");
        if (verify_list(t, s->otherwise, s->otherwise_count, &left, e) != 0)
            return -1;
        for (uint32_t c = 0; c < s->cases; c++) {
            const struct switch_case *row = &t->switch_cases[s->first_case + c];
            CHECK(row->constant < t->constants_count, "switch %zu: a constant is out of range", i);
            CHECK(c == 0 || value_compare(t->constants[row[-1].constant], t->constants[row->constant]) < 0,
                  "switch %zu: cases are not in order", i);
            if (verify_list(t, row->first, row->count, &left, e) != 0)
                return -1;
        }
    }
    return 0;
}

/* ---- small tables ---- */

static int verify_names(const struct program_tables *t, struct err *e)
{
    for (size_t i = 0; i < t->paths_count; i++)
        CHECK(is_within(t->paths[i].first, t->paths[i].count, t->path_keys_count) && t->paths[i].count <= PATH_MOST,
              "path %zu is out of range", i);
    for (size_t i = 0; i < t->path_keys_count; i++)
        CHECK(t->path_keys[i] < t->constants_count, "path key %zu is out of range", i);
    for (size_t i = 0; i < t->builtins_count; i++)
        CHECK(is_text(t, t->builtins[i].name) && t->builtins[i].argc <= ARGUMENTS_MOST, "builtin %zu is damaged", i);
    for (size_t i = 0; i < t->files_count; i++)
        CHECK(is_text(t, t->files[i].name) && (t->files[i].text == NONE || is_text(t, t->files[i].text)), "file %zu is damaged",
              i);
    return 0;
}

static int verify_places(const struct program_tables *t, struct err *e)
{
    for (size_t i = 0; i < t->positions_count; i++)
        CHECK(t->positions[i].file < t->files_count, "position %zu: its file is out of range", i);
    for (size_t i = 0; i < t->lines_count; i++) {
        CHECK(is_row_or_none(t->lines[i].position, t->positions_count), "line %zu: its position is out of range", i);
        CHECK(i == 0 || t->lines[i - 1].word <= t->lines[i].word, "lines are not in order");
    }
    for (size_t i = 0; i < t->entries_count; i++) {
        const struct entry *entry = &t->entries[i];
        CHECK(is_text(t, entry->name) && is_row_or_none(entry->columns, t->constants_count), "entry %zu is damaged", i);
        CHECK(entry->function < t->functions_count && t->functions[entry->function].args == 0,
              "entry %zu: its function is none or has arguments", i);
    }
    return 0;
}

int verify_rows(const struct program_tables *t, struct err *e)
{
    if (verify_names(t, e) != 0 || verify_places(t, e) != 0)
        return -1;
    return verify_functions(t, e) != 0 ? -1 : verify_switches(t, e);
}

/* ---- the rule tree ---- */

static int verify_node(const struct program_tables *t, uint32_t i, const uint32_t *end, size_t *links, struct err *e)
{
    const struct tree_node *n = &t->nodes[i];
    CHECK(n->first_child == (end[i] == i + 1 ? NONE : i + 1), "node %u: its first child is wrong", i);
    uint32_t next = i != 0 && end[i] < end[n->parent] ? end[i] : NONE;
    CHECK(n->next == next, "node %u: its next sibling is wrong", i);
    CHECK(n->first_child == NONE || t->nodes[i + 1].parent == i, "node %u: its first child has another parent", i);
    CHECK(n->next == NONE || t->nodes[n->next].parent == n->parent, "node %u: its sibling has another parent", i);
    CHECK(n->next == NONE || value_compare(t->constants[n->key], t->constants[t->nodes[n->next].key]) < 0,
          "node %u: children are not in order", i);
    *links += (n->first_child != NONE) + (n->next != NONE);
    if (n->function != NONE) {
        CHECK(n->function < t->functions_count, "node %u: its function is out of range", i);
        uint8_t kind = t->functions[n->function].kind;
        CHECK(kind != FUNCTION_KEYED && kind != FUNCTION_QUERY, "node %u: its function is no rule", i);
    }
    return 0;
}

/* Keys of the tree are scalars. */
static bool is_key(const struct program_tables *t, uint32_t constant)
{
    return constant < t->constants_count && t->constants[constant].kind <= VALUE_STRING;
}

int verify_tree(const struct program_tables *t, struct arena *scratch, struct err *e)
{
    size_t n = t->nodes_count, links = 0;
    uint32_t *end = arena_array(scratch, n, sizeof *end), *depth = arena_array(scratch, n, sizeof *depth);
    if (end == NULL || depth == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    for (uint32_t i = 0; i < n; i++) {
        const struct tree_node *node = &t->nodes[i];
        if (i == 0)
            CHECK(node->parent == NONE && node->key == NONE, "the root of the tree has a parent or a key");
        else
            CHECK(node->parent < i && is_key(t, node->key), "node %u: no key, or not after its parent", i);
        end[i] = i + 1;
        depth[i] = i == 0 ? 0 : depth[node->parent] + 1;
        CHECK(depth[i] <= VERIFY_TREE_DEPTH, "the tree is too deep");
    }
    for (size_t i = n; i-- > 1;) {
        uint32_t *above = &end[t->nodes[i].parent];
        *above = end[i] > *above ? end[i] : *above;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (verify_node(t, i, end, &links, e) != 0)
            return -1;
    }
    CHECK(n == 0 || links == n - 1, "the tree is not in preorder");
    return 0;
}
