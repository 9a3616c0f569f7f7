/* SPDX-License-Identifier: Apache-2.0
 *
 * Which statement an annotation belongs to, whether its scope fits, and which rules get it.
 */
#include "lang/annotation.h"
#include "lang/diag.h"

static bool is_scope(const struct annotation *n, const char *scope)
{
    return str_equal(n->scope, str_cstr(scope));
}

/* ---- targets ---- */

struct below {
    uint32_t row;
    enum annotation_target target;
    struct rule *rule;
};

static bool is_sorted(const struct below *items, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (items[i - 1].row > items[i].row)
            return false;
    return true;
}

/* Stable; statements are nearly in order. */
static void sort(struct below *items, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && items[j - 1].row > items[j].row; j--) {
            struct below t = items[j];
            items[j] = items[j - 1];
            items[j - 1] = t;
        }
}

static struct below *list_statements(struct compiler *c, const struct module *m, size_t *ret_count)
{
    size_t count = 0;
    struct below *items = arena_array(&c->arena, 1 + m->import_count + m->rule_count, sizeof *items);
    if (items == NULL)
        return NULL;
    items[count++] = (struct below){m->package_loc.row, ANNOTATED_PACKAGE, NULL};
    for (size_t i = 0; i < m->import_count; i++)
        items[count++] = (struct below){m->imports[i]->loc.row, ANNOTATED_IMPORT, NULL};
    for (size_t i = 0; i < m->rule_count; i++)
        items[count++] = (struct below){m->rules[i]->loc.row, ANNOTATED_RULE, m->rules[i]};
    if (!is_sorted(items, count))
        sort(items, count);
    *ret_count = count;
    return items;
}

static void attach(struct annotation *n, const struct below *items, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (items[mid].row <= n->loc.row)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < count) {
        n->target = items[low].target;
        n->rule = items[low].rule;
    }
    if (n->scope.len != 0)
        return;
    switch (n->target) {
    case ANNOTATED_RULE:
        n->scope = n->entrypoint ? STR("document") : STR("rule");
        break;
    case ANNOTATED_PACKAGE:
        n->scope = STR("package");
        break;
    case ANNOTATED_IMPORT:
        n->scope = STR("import");
        break;
    case ANNOTATED_NOTHING:
        break;
    }
}

static void check_scope(struct compiler *c, const struct annotation *n)
{
    static const char *const have[] = {"", " (have package)", " (have import)", " (have rule)"};
    bool is_rule = is_scope(n, "rule") || is_scope(n, "document");
    bool is_package = is_scope(n, "package") || is_scope(n, "subpackages");
    int len = (int)n->scope.len;
    if (!is_rule && !is_package)
        diag_add(c, ERR_PARSE, n->loc,
                 "invalid annotation scope '%.*s'. Use one of 'rule', 'document', 'package', or 'subpackages'", len, n->scope.p);
    else if (n->target != (is_rule ? ANNOTATED_RULE : ANNOTATED_PACKAGE))
        diag_add(c, ERR_PARSE, n->loc, "annotation scope '%.*s' must be applied to %s%s", len, n->scope.p,
                 is_rule ? "rule" : "package", have[n->target]);
    if (n->entrypoint && !is_scope(n, "document") && !is_scope(n, "package"))
        diag_add(c, ERR_PARSE, n->loc, "annotation entrypoint applied to non-document or package scope '%.*s'", len, n->scope.p);
}

/* ---- paths ---- */

static bool rule_path(struct arena *a, const struct rule *r, struct terms *ret)
{
    const struct terms *package = &r->module->package, *ref = &r->head->ref;
    *ret = (struct terms){0};
    for (size_t i = 0; i < package->count; i++)
        if (!terms_push(a, ret, package->items[i]))
            return false;
    for (size_t i = 0; i < ref->count; i++) {
        struct term *t = ref->items[i];
        if (i == 0 && t->kind == TERM_VAR) {
            t = ast_scalar(a, value_str(atom_str(t->var)), t->loc);
            if (t == NULL)
                return false;
        }
        if (!term_is_ground(t))
            break;
        if (!terms_push(a, ret, t))
            return false;
    }
    return true;
}

bool annotation_path(struct arena *a, const struct annotation *n, struct terms *ret)
{
    *ret = (struct terms){0};
    if (n->target == ANNOTATED_PACKAGE)
        *ret = n->module->package;
    return n->target != ANNOTATED_RULE || rule_path(a, n->rule, ret);
}

static const struct atom *path_atom(struct compiler *c, const struct rule *r)
{
    struct terms path;
    struct buf text;
    buf_init(&text, &c->arena);
    if (!rule_path(&c->arena, r, &path))
        return NULL;
    ast_write_ref(&text, &path);
    return text.failed ? NULL : atom_get(&c->atoms, buf_view(&text));
}

/* ---- rules ---- */

/* An annotation of a document or a rule. By path, documents first, in order. */
struct entry {
    const struct atom *path;
    uint32_t index;
    uint32_t next; /* how far on the next one is that is not claimed */
    bool is_document, is_claimed;
};

static int compare_entries(const struct entry *a, const struct entry *b)
{
    if (a->path != b->path)
        return a->path->id < b->path->id ? -1 : 1;
    if (a->is_document != b->is_document)
        return a->is_document ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static void sift_entries(struct entry *e, size_t at, size_t count)
{
    for (size_t child; (child = at * 2 + 1) < count; at = child) {
        if (child + 1 < count && compare_entries(&e[child], &e[child + 1]) < 0)
            child++;
        if (compare_entries(&e[at], &e[child]) >= 0)
            return;
        struct entry t = e[at];
        e[at] = e[child];
        e[child] = t;
    }
}

static void sort_entries(struct entry *e, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift_entries(e, i, count);
    for (size_t last = count; last-- > 1;) {
        struct entry t = e[0];
        e[0] = e[last];
        e[last] = t;
        sift_entries(e, 0, last);
    }
}

static struct entry *list_entries(struct compiler *c, const struct module *m, size_t *ret_count)
{
    size_t count = 0;
    struct entry *entries = arena_array(&c->arena, m->annotation_count, sizeof *entries);
    if (entries == NULL)
        return NULL;
    for (size_t i = 0; i < m->annotation_count; i++) {
        const struct annotation *n = m->annotations[i];
        bool is_for_rules = is_scope(n, "rule") || is_scope(n, "document");
        if (!is_for_rules || n->target != ANNOTATED_RULE)
            continue;
        entries[count] = (struct entry){path_atom(c, n->rule), (uint32_t)i, 1, is_scope(n, "document"), false};
        if (entries[count++].path == NULL)
            return NULL;
    }
    sort_entries(entries, count);
    *ret_count = count;
    return entries;
}

static struct entry *find_entries(struct entry *e, size_t count, const struct atom *path)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (e[mid].path->id < path->id)
            low = mid + 1;
        else
            high = mid;
    }
    return e + low;
}

/* Appends, keeping the order of the module. */
static bool add(struct compiler *c, const struct module *m, struct rule *r, size_t *cap, uint32_t index)
{
    if (!arena_grow(&c->arena, &r->annotations, cap, r->annotation_count + 1, sizeof *r->annotations))
        return diag_nomem(c);
    struct annotation *n = m->annotations[index];
    size_t at = r->annotation_count++;
    for (; at > 0 && r->annotations[at - 1]->loc.offset > n->loc.offset; at--)
        r->annotations[at] = r->annotations[at - 1];
    r->annotations[at] = n;
    return true;
}

/* The next entry that is not claimed; claimed ones in between are skipped for good. */
static struct entry *next_entry(struct entry *e, const struct entry *end)
{
    struct entry *next = e + e->next;
    while (next < end && next->is_claimed)
        next += next->next;
    e->next = (uint32_t)(next - e);
    return next;
}

/* A rule gets the documents' annotations of its path, and those above it that no rule before has claimed; it claims the last. */
static bool give(struct compiler *c, const struct module *m, struct rule *r, struct entry *entries, size_t count)
{
    const struct atom *path = path_atom(c, r);
    if (path == NULL)
        return diag_nomem(c);
    size_t cap = 0;
    struct entry *last = NULL, *end = entries + count;
    for (struct entry *e = find_entries(entries, count, path); e < end && e->path == path; e = next_entry(e, end)) {
        if (e->is_claimed)
            continue;
        if (!e->is_document && m->annotations[e->index]->loc.row >= r->loc.row)
            break;
        if (!add(c, m, r, &cap, e->index))
            return false;
        last = e->is_document ? last : e;
    }
    if (last != NULL)
        last->is_claimed = true;
    return true;
}

bool annotation_attach(struct compiler *c, struct module *m)
{
    size_t errors = c->diag_count, count;
    if (m->annotation_count == 0)
        return true;
    struct below *statements = list_statements(c, m, &count);
    if (statements == NULL)
        return diag_nomem(c);
    for (size_t i = 0; i < m->annotation_count; i++) {
        attach(m->annotations[i], statements, count);
        check_scope(c, m->annotations[i]);
    }
    if (c->diag_count != errors)
        return false;
    struct entry *entries = list_entries(c, m, &count);
    if (entries == NULL)
        return diag_nomem(c);
    for (size_t i = 0; count != 0 && i < m->rule_count; i++)
        if (!give(c, m, m->rules[i], entries, count))
            return false;
    return true;
}
