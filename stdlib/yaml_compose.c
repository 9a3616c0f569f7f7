/* SPDX-License-Identifier: Apache-2.0
 *
 * libyaml's events into a tree of nodes. Anchors live for the whole stream; only the first document is kept.
 *
 * libyaml keeps a list of open flow collections that it walks for each token, so work is counted by depth.
 */
#include <yaml.h>

#include "stdlib/yaml_node.h"

#define UNITS_PER_EVENT 20u
#define LONG_TAG "tag:yaml.org,2002:"

/* An open collection in brackets. */
struct flow {
    size_t line; /* from 0 */
    bool is_mapping;
};

struct composer {
    struct yaml_work *work;
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    size_t depth;
    const struct flow *flow; /* the innermost open collection in brackets, or NULL */
    struct object *anchors;  /* name -> number of node */
    struct yaml_node **anchored;
    size_t anchored_count, anchored_cap;
};

bool yaml_work_add(struct yaml_work *w, uint64_t units)
{
    w->units += units;
    if (w->units <= w->max_units)
        return true;
    (void)err_set(w->err, ERR_LIMIT_FUEL, "fuel exhausted");
    return false;
}

int yaml_work_nomem(struct yaml_work *w)
{
    return w->arena->failed == ARENA_BUDGET ? err_set(w->err, ERR_LIMIT_MEMORY, "memory limit reached")
                                            : err_set(w->err, ERR_NOMEM, "out of memory");
}

/* The error libyaml found, with the line number OPA's reader gives it. */
static int fail_parser(struct composer *c)
{
    const yaml_parser_t *p = &c->parser;
    if (p->error == YAML_MEMORY_ERROR)
        return err_set(c->work->err, ERR_NOMEM, "out of memory");
    size_t line = p->context_mark.line != 0 ? p->context_mark.line : p->problem_mark.line;
    if (line != 0 && p->error == YAML_SCANNER_ERROR)
        line++;
    const char *problem = p->problem != NULL ? p->problem : "unknown problem parsing YAML content";
    return line != 0 ? err_set(c->work->err, ERR_YAML, "yaml: line %zu: %s", line, problem)
                     : err_set(c->work->err, ERR_YAML, "yaml: %s", problem);
}

static void drop_event(struct composer *c)
{
    if (c->has_event)
        yaml_event_delete(&c->event);
    c->has_event = false;
}

static int next_event(struct composer *c)
{
    drop_event(c);
    if (!yaml_work_add(c->work, UNITS_PER_EVENT + c->depth / 4))
        return -1;
    if (!yaml_parser_parse(&c->parser, &c->event))
        return fail_parser(c);
    c->has_event = true;
    return 0;
}

static int new_node(struct composer *c, enum yaml_node_kind kind, struct yaml_node **ret)
{
    struct yaml_node *n = arena_zeroed(c->work->arena, 1, sizeof *n);
    if (n == NULL)
        return yaml_work_nomem(c->work);
    n->kind = kind;
    n->line = (uint32_t)c->event.start_mark.line + 1;
    *ret = n;
    return 0;
}

static int copy_text(struct composer *c, const void *p, size_t len, struct str *ret)
{
    *ret = arena_str(c->work->arena, str_of(p, len));
    return ret->p != NULL ? 0 : yaml_work_nomem(c->work);
}

/* The tag of a node: as written, in short form, or what is found without one. */
static int set_tag(struct composer *c, struct yaml_node *n, const yaml_char_t *written, struct str otherwise)
{
    struct str tag = written != NULL ? str_cstr((const char *)written) : STR("");
    if (tag.len == 0 || str_equal(tag, STR("!"))) {
        n->tag = otherwise;
        return 0;
    }
    n->is_tagged = true;
    if (!str_starts(tag, STR(LONG_TAG)))
        return copy_text(c, tag.p, tag.len, &n->tag);
    n->tag = arena_printf(c->work->arena, "!!%s", tag.p + sizeof LONG_TAG - 1);
    return n->tag.p != NULL ? 0 : yaml_work_nomem(c->work);
}

static int set_anchor(struct composer *c, struct yaml_node *n, const yaml_char_t *anchor)
{
    struct str name;
    if (anchor == NULL)
        return 0;
    if (copy_text(c, anchor, strlen((const char *)anchor), &name) != 0)
        return -1;
    if (!arena_grow(c->work->arena, &c->anchored, &c->anchored_cap, c->anchored_count + 1, sizeof *c->anchored) ||
        object_put(c->work->arena, c->anchors, value_str(name), value_int((int64_t)c->anchored_count)) < 0)
        return yaml_work_nomem(c->work);
    c->anchored[c->anchored_count++] = n;
    return 0;
}

static int compose_alias(struct composer *c, struct yaml_node **ret)
{
    const char *name = (const char *)c->event.data.alias.anchor;
    struct yaml_node *n;
    if (new_node(c, YAML_ALIAS, &n) != 0 || copy_text(c, name, strlen(name), &n->value) != 0)
        return -1;
    const struct value *place = object_find_str(c->anchors, n->value);
    if (place == NULL)
        return err_set(c->work->err, ERR_YAML, "yaml: unknown anchor '%s' referenced", n->value.p);
    n->target = c->anchored[place->i];
    *ret = n;
    return 0;
}

/* In brackets a question mark ends a plain scalar for OPA's reader, which then finds no comma; libyaml goes on. */
static int check_flow_scalar(struct composer *c)
{
    const char *text = (const char *)c->event.data.scalar.value;
    if (c->flow == NULL || memchr(text, '?', c->event.data.scalar.length) == NULL)
        return 0;
    size_t line = c->flow->line != 0 ? c->flow->line : c->event.end_mark.line;
    char bracket = c->flow->is_mapping ? '}' : ']';
    return line != 0 ? err_set(c->work->err, ERR_YAML, "yaml: line %zu: did not find expected ',' or '%c'", line, bracket)
                     : err_set(c->work->err, ERR_YAML, "yaml: did not find expected ',' or '%c'", bracket);
}

static int compose_scalar(struct composer *c, struct yaml_node **ret)
{
    struct yaml_node *n;
    if (new_node(c, YAML_SCALAR, &n) != 0 ||
        copy_text(c, c->event.data.scalar.value, c->event.data.scalar.length, &n->value) != 0)
        return -1;
    struct str otherwise = STR("!!str");
    if (c->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        struct yaml_scalar found;
        if (check_flow_scalar(c) != 0 || yaml_resolve(c->work, STR(""), n->value, &found) != 0)
            return -1;
        otherwise = str_equal(n->value, STR("<<")) ? STR("!!merge") : found.tag;
    }
    *ret = n;
    return set_tag(c, n, c->event.data.scalar.tag, otherwise) != 0 ? -1 : set_anchor(c, n, c->event.data.scalar.anchor);
}

static int compose_node(struct composer *c, struct yaml_node **ret);

static int compose_items(struct composer *c, struct yaml_node *n, yaml_event_type_t end)
{
    if (++c->depth > YAML_MAX_DEPTH)
        return err_set(c->work->err, ERR_LIMIT_DEPTH, "yaml: exceeded max depth of %u", YAML_MAX_DEPTH);
    if (next_event(c) != 0)
        return -1;
    while (c->event.type != end) {
        if (!arena_grow(c->work->arena, &n->items, &n->cap, n->count + 1, sizeof *n->items))
            return yaml_work_nomem(c->work);
        if (compose_node(c, &n->items[n->count]) != 0 || next_event(c) != 0)
            return -1;
        n->count++;
    }
    c->depth--;
    return 0;
}

static int compose_collection(struct composer *c, struct yaml_node **ret)
{
    bool is_mapping = c->event.type == YAML_MAPPING_START_EVENT;
    yaml_event_type_t end = is_mapping ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    struct yaml_node *n;
    if (new_node(c, is_mapping ? YAML_MAPPING : YAML_SEQUENCE, &n) != 0)
        return -1;
    const yaml_char_t *tag = is_mapping ? c->event.data.mapping_start.tag : c->event.data.sequence_start.tag;
    const yaml_char_t *anchor = is_mapping ? c->event.data.mapping_start.anchor : c->event.data.sequence_start.anchor;
    if (set_tag(c, n, tag, is_mapping ? STR("!!map") : STR("!!seq")) != 0 || set_anchor(c, n, anchor) != 0)
        return -1;
    bool in_brackets = is_mapping ? c->event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                                  : c->event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    const struct flow *outer = c->flow, here = {c->event.start_mark.line, is_mapping};
    if (in_brackets)
        c->flow = &here;
    if (compose_items(c, n, end) != 0)
        return -1;
    c->flow = outer;
    *ret = n;
    return 0;
}

/* The node that the present event begins; the present event is its last afterwards. */
static int compose_node(struct composer *c, struct yaml_node **ret)
{
    switch (c->event.type) {
    case YAML_ALIAS_EVENT:
        return compose_alias(c, ret);
    case YAML_SCALAR_EVENT:
        return compose_scalar(c, ret);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return compose_collection(c, ret);
    default:
        return err_set(c->work->err, ERR_YAML, "yaml: unexpected event"); /* libyaml does not do this */
    }
}

static int compose_stream(struct composer *c, struct yaml_node **ret)
{
    bool found = false;
    *ret = NULL;
    if (next_event(c) != 0)
        return -1;
    while (c->event.type != YAML_STREAM_END_EVENT) {
        if (c->event.type == YAML_DOCUMENT_START_EVENT) {
            struct yaml_node *root;
            if (next_event(c) != 0 || compose_node(c, &root) != 0)
                return -1;
            *ret = found ? *ret : root;
            found = true;
        }
        if (next_event(c) != 0)
            return -1;
    }
    return 0;
}

int yaml_compose(struct yaml_work *w, struct str text, struct yaml_node **ret)
{
    struct composer c = {.work = w};
    if (!yaml_work_add(w, text.len * 2))
        return -1;
    c.anchors = object_new(w->arena, 0);
    if (c.anchors == NULL)
        return yaml_work_nomem(w);
    if (!yaml_parser_initialize(&c.parser))
        return err_set(w->err, ERR_NOMEM, "out of memory");
    yaml_parser_set_input_string(&c.parser, (const unsigned char *)(text.len != 0 ? text.p : "\n"), text.len != 0 ? text.len : 1);
    int status = compose_stream(&c, ret);
    drop_event(&c);
    yaml_parser_delete(&c.parser);
    return status;
}
