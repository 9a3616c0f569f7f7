/* SPDX-License-Identifier: Apache-2.0
 *
 * A YAML tree into a value, the way OPA takes it through JSON.
 *
 * - Of equal keys the last value counts; keys become text, and a key that has none (null, a collection) is an error.
 * - Merge keys add what the mapping itself has not, earlier sources first.
 * - Plain times stay the text they are.
 * - An alias is read again wherever it stands, so what aliases contribute is bounded by the ratio the original reader has:
 *   nearly all of a small document may come from aliases, a tenth of a large one.
 */
#include "base/utf8.h"
#include "stdlib/base64.h"
#include "stdlib/quote.h"
#include "stdlib/yaml_node.h"
#include "vm/number.h"

#define UNITS_PER_NODE 12u
#define SMALL_DOCUMENT 400000u
#define LARGE_DOCUMENT 4000000u

struct decoder {
    struct yaml_work *work;
    uint64_t nodes, alias_nodes; /* read so far, and below aliases */
    size_t depth, alias_depth;
    struct buf problems;   /* errors that do not end the reading: lines */
    struct err late;       /* an error found when the value is turned into JSON */
    struct object *merged; /* while a merge is read: keys that may not be set any more */
};

/* The value a mapping becomes. When all its keys are strings, keys merged into it are taken as they are spelled. */
struct target {
    struct object *object;
    bool string_keys;
};

static int decode_node(struct decoder *d, struct yaml_node *n, struct value *ret);

static int nomem(struct decoder *d)
{
    return yaml_work_nomem(d->work);
}

/* ---- scalars ---- */

static bool is_string_node(const struct yaml_node *n)
{
    return n->kind == YAML_SCALAR && str_equal(n->tag, STR("!!str"));
}

static bool is_merge(const struct yaml_node *n)
{
    return n->kind == YAML_SCALAR && str_equal(n->value, STR("<<")) && str_equal(n->tag, STR("!!merge"));
}

/* Replaces what is not UTF-8, as an encoder of JSON does. */
static MUST_CHECK bool clean_text(struct arena *a, struct str s, struct str *ret)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < s.len;) {
        unsigned len;
        uint32_t c = utf8_decode(s.p + i, s.len - i, &len);
        if (c == UTF8_BAD && len == 1)
            buf_cstr(&b, "\xEF\xBF\xBD");
        else
            buf_bytes(&b, s.p + i, len);
        i += len;
    }
    *ret = buf_view(&b);
    return !b.failed;
}

static int read_binary(struct yaml_work *w, struct str text, struct str *ret)
{
    struct str bytes;
    size_t at;
    switch (base64_decode(w->arena, text, BASE64_STANDARD, true, &bytes, &at)) {
    case BASE64_OK:
        return clean_text(w->arena, bytes, ret) ? 0 : yaml_work_nomem(w);
    case BASE64_CORRUPT:
        return err_set(w->err, ERR_YAML, "yaml: !!binary value contains invalid base64 data");
    default:
        return yaml_work_nomem(w);
    }
}

static int read_scalar(struct yaml_work *w, const struct yaml_node *n, struct yaml_scalar *ret)
{
    if (is_string_node(n)) {
        *ret = (struct yaml_scalar){.kind = YAML_STRING, .text = n->value, .tag = n->tag};
        return 0;
    }
    if (yaml_resolve(w, n->tag, n->value, ret) != 0)
        return -1;
    if (str_equal(ret->tag, STR("!!binary")))
        return read_binary(w, n->value, &ret->text);
    return 0;
}

static int decode_float(struct decoder *d, double real, struct value *ret)
{
    struct str text;
    *ret = value_null();
    if (real - real != 0) {
        if (!yaml_float_text(d->work->arena, real, 64, &text))
            return nomem(d);
        (void)err_set(&d->late, ERR_YAML, "json: unsupported value: %.*s", (int)text.len, text.p);
        return 0;
    }
    bool good = yaml_float_json(d->work->arena, real, &text) && number_parse(d->work->arena, text, ret) == NUMBER_OK;
    return good ? 0 : nomem(d);
}

static int decode_scalar(struct decoder *d, const struct yaml_node *n, struct value *ret)
{
    struct yaml_scalar s;
    if (read_scalar(d->work, n, &s) != 0)
        return -1;
    switch (s.kind) {
    case YAML_NULL:
        *ret = value_null();
        return 0;
    case YAML_BOOL:
        *ret = value_bool(s.boolean);
        return 0;
    case YAML_INT:
        *ret = value_int(s.integer);
        return 0;
    case YAML_FLOAT:
        return decode_float(d, s.real, ret);
    case YAML_UINT: {
        struct str text = arena_printf(d->work->arena, "%llu", (unsigned long long)s.natural);
        return text.p != NULL && number_parse(d->work->arena, text, ret) == NUMBER_OK ? 0 : nomem(d);
    }
    case YAML_TIME:
        *ret = value_str(n->is_tagged ? s.text : n->value);
        return 0;
    default:
        *ret = value_str(s.text);
        return 0;
    }
}

/* ---- keys ---- */

/* What a key becomes as text, and as value of its own type. */
struct key {
    struct value typed;
    struct str text;
    bool has_text;
};

static int set_float_key(struct yaml_work *w, double real, struct key *ret)
{
    struct str text;
    if (!yaml_float_text(w->arena, real, 32, &text))
        return yaml_work_nomem(w);
    if (real - real != 0)
        text = real != real ? STR(".nan") : real > 0 ? STR(".inf") : STR("-.inf");
    *ret = (struct key){value_str(text), text, true};
    return 0;
}

static int read_key(struct yaml_work *w, const struct yaml_node *n, struct key *ret)
{
    struct yaml_scalar s;
    if (read_scalar(w, n, &s) != 0)
        return -1;
    *ret = (struct key){value_null(), STR(""), false};
    switch (s.kind) {
    case YAML_STRING:
        *ret = (struct key){value_str(s.text), s.text, true};
        return 0;
    case YAML_BOOL:
        *ret = (struct key){value_bool(s.boolean), s.boolean ? STR("true") : STR("false"), true};
        return 0;
    case YAML_FLOAT:
        return set_float_key(w, s.real, ret);
    case YAML_INT:
    case YAML_UINT:
        ret->text = s.kind == YAML_INT ? arena_printf(w->arena, "%lld", (long long)s.integer)
                                       : arena_printf(w->arena, "%llu", (unsigned long long)s.natural);
        ret->has_text = true;
        return ret->text.p != NULL && number_parse(w->arena, ret->text, &ret->typed) == NUMBER_OK ? 0 : yaml_work_nomem(w);
    case YAML_TIME:
        ret->typed = value_str(n->is_tagged ? s.text : n->value);
        ret->text = n->value;
        ret->has_text = !n->is_tagged;
        return 0;
    default:
        return 0;
    }
}

/* ---- tidying mappings ---- */

/* Puts several merge keys into one, as a sequence of their sources. */
static int collapse_merges(struct decoder *d, struct yaml_node *n)
{
    struct yaml_node *all = NULL;
    size_t kept = 0, merges = 0;
    for (size_t i = 0; i < n->count; i += 2)
        merges += is_merge(n->items[i]);
    if (merges < 2)
        return 0;
    for (size_t i = 0; i < n->count; i += 2) {
        struct yaml_node *key = n->items[i], *source = n->items[i + 1];
        if (!is_merge(key) || all == NULL) {
            n->items[kept] = key;
            n->items[kept + 1] = source;
            kept += 2;
        }
        if (!is_merge(key))
            continue;
        if (all == NULL) {
            all = arena_zeroed(d->work->arena, 1, sizeof *all);
            if (all == NULL)
                return nomem(d);
            *all = (struct yaml_node){.kind = YAML_SEQUENCE, .tag = STR("!!seq"), .line = source->line};
            n->items[kept - 1] = all;
        }
        size_t added = source->kind == YAML_SEQUENCE ? source->count : 1;
        if (!arena_grow(d->work->arena, &all->items, &all->cap, all->count + added, sizeof *all->items))
            return nomem(d);
        for (size_t k = 0; k < added; k++)
            all->items[all->count++] = source->kind == YAML_SEQUENCE ? source->items[k] : source;
    }
    n->count = kept;
    return 0;
}

/* Of keys with the same text, keeps the first place and the last value. */
static int drop_repeated_keys(struct decoder *d, struct yaml_node *n)
{
    struct object *seen = object_new(d->work->arena, n->count / 2);
    size_t kept = 0;
    if (seen == NULL)
        return nomem(d);
    for (size_t i = 0; i + 1 < n->count; i += 2) {
        struct yaml_node *k = n->items[i], *v = n->items[i + 1];
        struct key key = {.has_text = false};
        struct err ignored = {.code = ERR_OK};
        struct yaml_work quiet = {d->work->arena, &ignored, 0, UINT64_MAX};
        if (k->kind == YAML_SCALAR && !is_merge(k) && read_key(&quiet, k, &key) != 0)
            key.has_text = false;
        if (d->work->arena->failed != ARENA_OK)
            return nomem(d);
        bool plain_time = k->kind == YAML_SCALAR && !k->is_tagged && str_equal(k->tag, STR("!!timestamp"));
        const struct value *place = key.has_text && !plain_time ? object_find_str(seen, key.text) : NULL;
        if (place != NULL) {
            n->items[place->i] = v;
            continue;
        }
        n->items[kept] = k;
        n->items[kept + 1] = v;
        if (key.has_text && !plain_time &&
            object_put(d->work->arena, seen, value_str(key.text), value_int((int64_t)kept + 1)) < 0)
            return nomem(d);
        kept += 2;
    }
    n->count = kept;
    return 0;
}

static int tidy_mapping(struct decoder *d, struct yaml_node *n)
{
    if (n->is_tidy)
        return 0;
    n->is_tidy = true;
    return collapse_merges(d, n) != 0 ? -1 : drop_repeated_keys(d, n);
}

/* Notes the keys that are still equal in kind and spelling. */
static int check_unique(struct decoder *d, const struct yaml_node *n, bool *ret_unique)
{
    struct object *seen[YAML_ALIAS + 1] = {NULL};
    *ret_unique = true;
    for (size_t i = 0; i < n->count; i += 2) {
        const struct yaml_node *k = n->items[i];
        if (seen[k->kind] == NULL)
            seen[k->kind] = object_new(d->work->arena, n->count / 2);
        if (seen[k->kind] == NULL)
            return nomem(d);
        const struct value *first = object_find_str(seen[k->kind], k->value);
        if (first == NULL) {
            if (object_put(d->work->arena, seen[k->kind], value_str(k->value), value_int(k->line)) < 0)
                return nomem(d);
            continue;
        }
        *ret_unique = false;
        buf_printf(&d->problems, "\n  line %u: mapping key ", k->line);
        quote_text(&d->problems, k->value, QUOTE_PRINTABLE);
        buf_printf(&d->problems, " already defined at line %u", (unsigned)first->i);
    }
    return 0;
}

/* ---- mappings ---- */

static bool has_string_keys(const struct yaml_node *n)
{
    for (size_t i = 0; i < n->count; i += 2) {
        const struct yaml_node *k = n->items[i];
        while (k->kind == YAML_ALIAS)
            k = k->target;
        bool plain_time = k->kind == YAML_SCALAR && !k->is_tagged && str_equal(k->tag, STR("!!timestamp"));
        if (!plain_time && !str_equal(k->tag, STR("!!str")) && !str_equal(k->tag, STR("!!merge")))
            return false;
    }
    return true;
}

static MUST_CHECK bool count_node(struct decoder *d)
{
    d->nodes++;
    d->alias_nodes += d->alias_depth > 0;
    if (!yaml_work_add(d->work, UNITS_PER_NODE))
        return false;
    double allowed = 0.99;
    if (d->nodes >= LARGE_DOCUMENT)
        allowed = 0.10;
    else if (d->nodes > SMALL_DOCUMENT)
        allowed = 0.99 - 0.89 * ((double)(d->nodes - SMALL_DOCUMENT) / (double)(LARGE_DOCUMENT - SMALL_DOCUMENT));
    if (d->alias_nodes > 100 && d->nodes > 1000 && (double)d->alias_nodes / (double)d->nodes > allowed) {
        (void)err_set(d->work->err, ERR_YAML, "yaml: document contains excessive aliasing");
        return false;
    }
    return true;
}

/* The key of one entry. *ret_skip: it cannot be a key here and the entry is left out. */
static int decode_key(struct decoder *d, const struct yaml_node *n, bool string_keys, struct key *ret, bool *ret_skip)
{
    *ret_skip = false;
    if (!count_node(d))
        return -1;
    for (; n->kind == YAML_ALIAS; n = n->target)
        if (!count_node(d))
            return -1;
    if (n->kind != YAML_SCALAR) {
        if (!string_keys)
            return err_set(d->work->err, ERR_YAML, "yaml: invalid map key: %s",
                           n->kind == YAML_MAPPING ? "map[interface {}]interface {}" : "[]interface {}");
        buf_printf(&d->problems, "\n  line %u: cannot unmarshal %.*s into string", n->line, (int)n->tag.len, n->tag.p);
        *ret_skip = true;
        return 0;
    }
    if (read_key(d->work, n, ret) != 0)
        return -1;
    if (string_keys && ret->typed.kind != VALUE_STRING) {
        *ret_skip = ret->typed.kind == VALUE_NULL;
        *ret = (struct key){value_str(n->value), n->value, true};
    }
    return 0;
}

/* A key that has no text is an error, but one that others come before. */
static int note_bad_key(struct decoder *d, const struct key *key, struct value item)
{
    struct buf b;
    buf_init(&b, d->work->arena);
    if (item.kind == VALUE_STRING)
        quote_text(&b, value_text(item), QUOTE_PRINTABLE);
    else
        value_write_rego(&b, item);
    if (b.failed)
        return nomem(d);
    (void)err_set(&d->late, ERR_YAML, "unsupported map key of type: %s, value: %.*s",
                  key->typed.kind == VALUE_NULL ? "%!s(<nil>), key: <nil>" : "time.Time", b.len > 500 ? 500 : (int)b.len, b.p);
    return 0;
}

/* Sets one entry of a mapping, or of one that is merged. */
static int decode_entry(struct decoder *d, struct yaml_node *k, struct yaml_node *v, struct object *merged,
                        const struct target *to)
{
    struct key key;
    struct value item;
    bool skip;
    if (decode_key(d, k, to->string_keys, &key, &skip) != 0)
        return -1;
    if (skip)
        return 0;
    if (merged != NULL) {
        int added = object_put(d->work->arena, merged, key.typed, value_null());
        if (added <= 0)
            return added < 0 ? nomem(d) : 0;
    }
    if (decode_node(d, v, &item) != 0)
        return -1;
    if (!key.has_text)
        return note_bad_key(d, &key, item);
    return object_put(d->work->arena, to->object, value_str(key.text), item) < 0 ? nomem(d) : 0;
}

static int merge_source(struct decoder *d, struct yaml_node *parent, struct yaml_node *source, const struct target *to);

static int decode_mapping_into(struct decoder *d, struct yaml_node *n, const struct target *to)
{
    bool unique;
    if (tidy_mapping(d, n) != 0 || check_unique(d, n, &unique) != 0)
        return -1;
    if (!unique)
        return 0;
    struct object *merged = d->merged;
    struct yaml_node *source = NULL;
    d->merged = NULL;
    for (size_t i = 0; i < n->count; i += 2) {
        if (is_merge(n->items[i]))
            source = n->items[i + 1];
        else if (decode_entry(d, n->items[i], n->items[i + 1], merged, to) != 0)
            return -1;
    }
    d->merged = merged;
    int status = source != NULL ? merge_source(d, n, source, to) : 0;
    d->merged = merged;
    return status;
}

/* ---- merging ---- */

static int begin_merge(struct decoder *d, const struct yaml_node *parent)
{
    d->merged = object_new(d->work->arena, parent->count / 2);
    if (d->merged == NULL)
        return nomem(d);
    for (size_t i = 0; i < parent->count; i += 2) {
        struct key key;
        bool skip;
        if (decode_key(d, parent->items[i], false, &key, &skip) != 0)
            return -1;
        if (object_put(d->work->arena, d->merged, key.typed, value_null()) < 0)
            return nomem(d);
    }
    return 0;
}

static int want_mapping(struct decoder *d)
{
    return err_set(d->work->err, ERR_YAML, "yaml: map merge requires map or sequence of maps as the value");
}

static int enter(struct decoder *d)
{
    if (++d->depth > YAML_MAX_DEPTH)
        return err_set(d->work->err, ERR_LIMIT_DEPTH, "yaml: exceeded max depth of %u", YAML_MAX_DEPTH);
    return count_node(d) ? 0 : -1;
}

static int merge_mapping(struct decoder *d, struct yaml_node *source, const struct target *to)
{
    if (source->kind != YAML_MAPPING && !(source->kind == YAML_ALIAS && source->target->kind == YAML_MAPPING))
        return want_mapping(d);
    if (source->kind == YAML_MAPPING) {
        int status = enter(d) == 0 ? decode_mapping_into(d, source, to) : -1;
        d->depth--;
        return status;
    }
    if (source->is_decoding)
        return err_set(d->work->err, ERR_YAML, "yaml: anchor '%.*s' value contains itself", (int)source->value.len,
                       source->value.p);
    source->is_decoding = true;
    d->alias_depth++;
    int status = enter(d) == 0 && count_node(d) ? decode_mapping_into(d, source->target, to) : -1;
    d->depth--;
    d->alias_depth--;
    source->is_decoding = false;
    return status;
}

static int merge_source(struct decoder *d, struct yaml_node *parent, struct yaml_node *source, const struct target *to)
{
    if (d->merged == NULL && begin_merge(d, parent) != 0)
        return -1;
    if (source->kind != YAML_SEQUENCE)
        return merge_mapping(d, source, to);
    for (size_t i = 0; i < source->count; i++)
        if (merge_mapping(d, source->items[i], to) != 0)
            return -1;
    return 0;
}

/* ---- collections ---- */

static int decode_sequence(struct decoder *d, struct yaml_node *n, struct value *ret)
{
    struct value *items = arena_array(d->work->arena, n->count, sizeof *items);
    if (items == NULL)
        return nomem(d);
    for (size_t i = 0; i < n->count; i++)
        if (decode_node(d, n->items[i], &items[i]) != 0)
            return -1;
    *ret = value_array(items, n->count);
    return 0;
}

static int decode_mapping(struct decoder *d, struct yaml_node *n, struct value *ret)
{
    if (tidy_mapping(d, n) != 0)
        return -1;
    struct target to = {object_new(d->work->arena, n->count / 2), has_string_keys(n)};
    struct object *merged = d->merged;
    if (to.object == NULL)
        return nomem(d);
    d->merged = NULL;
    int status = decode_mapping_into(d, n, &to);
    d->merged = merged;
    *ret = value_object(to.object);
    return status;
}

static int decode_alias(struct decoder *d, struct yaml_node *n, struct value *ret)
{
    if (n->is_decoding)
        return err_set(d->work->err, ERR_YAML, "yaml: anchor '%.*s' value contains itself", (int)n->value.len, n->value.p);
    n->is_decoding = true;
    d->alias_depth++;
    int status = decode_node(d, n->target, ret);
    d->alias_depth--;
    n->is_decoding = false;
    return status;
}

static int decode_node(struct decoder *d, struct yaml_node *n, struct value *ret)
{
    int status = enter(d);
    if (status == 0)
        switch (n->kind) {
        case YAML_SCALAR:
            status = decode_scalar(d, n, ret);
            break;
        case YAML_SEQUENCE:
            status = decode_sequence(d, n, ret);
            break;
        case YAML_MAPPING:
            status = decode_mapping(d, n, ret);
            break;
        case YAML_ALIAS:
            status = decode_alias(d, n, ret);
            break;
        }
    d->depth--;
    return status;
}

int yaml_decode(struct yaml_work *w, struct yaml_node *root, struct value *ret)
{
    struct decoder d = {.work = w};
    buf_init(&d.problems, w->arena);
    if (!count_node(&d) || decode_node(&d, root, ret) != 0)
        return -1;
    if (d.problems.failed)
        return yaml_work_nomem(w);
    if (d.problems.len != 0)
        return err_set(w->err, ERR_YAML, "yaml: unmarshal errors:%.*s", d.problems.len > 900 ? 900 : (int)d.problems.len,
                       d.problems.p);
    if (d.late.code != ERR_OK)
        return err_set(w->err, d.late.code, "%s", d.late.text);
    return 0;
}
