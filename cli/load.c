/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading files and folders. Names are visited in byte order, so that results and errors do not depend on the file system.
 */
#include "cli/load.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stdlib/yaml.h"
#include "vm/json.h"

#define LARGEST_FILE ((size_t)4 << 30)
#define DEEPEST_FOLDER 100

int load_init(struct loaded *l, const struct list *ignore, struct err *e)
{
    struct alloc heap = alloc_default();
    *l = (struct loaded){.ignore = ignore};
    arena_init(&l->arena, &heap, SIZE_MAX, 65536);
    l->data = object_new(&l->arena, 0);
    return l->data != NULL ? 0 : err_set(e, ERR_NOMEM, "out of memory");
}

void load_fini(struct loaded *l)
{
    arena_fini(&l->arena);
}

/* ---- bytes ---- */

static int read_all(struct arena *a, int fd, const char *path, size_t hint, struct str *ret, struct err *e)
{
    struct buf b;
    buf_init(&b, a);
    for (;;) {
        if (!buf_reserve(&b, b.len == 0 && hint > 0 ? hint + 1 : 65536))
            return err_set(e, ERR_NOMEM, "%s: out of memory", path);
        ssize_t n = read(fd, b.p + b.len, b.cap - b.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(e, ERR_INPUT, "%s: %s", path, strerror(errno));
        if (n == 0)
            break;
        b.len += (size_t)n;
        if (b.len > LARGEST_FILE)
            return err_set(e, ERR_LIMIT_SIZE, "%s: larger than %zu bytes", path, LARGEST_FILE);
    }
    *ret = buf_view(&b);
    return 0;
}

int load_file(struct arena *a, const char *path, struct str *ret, struct err *e)
{
    struct stat st;
    if (strcmp(path, "-") == 0)
        return read_all(a, STDIN_FILENO, "standard input", 0, ret, e);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, ERR_INPUT, "%s: %s", path, strerror(errno));
    int status = -1;
    if (fstat(fd, &st) != 0)
        (void)err_set(e, ERR_INPUT, "%s: %s", path, strerror(errno)); /* status says so */
    else if (S_ISDIR(st.st_mode))
        (void)err_set(e, ERR_INPUT, "%s: is a folder, a file was expected", path); /* status says so */
    else
        status = read_all(a, fd, path, S_ISREG(st.st_mode) ? (size_t)st.st_size : 0, ret, e);
    (void)close(fd); /* nothing was written */
    return status;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static bool is_yaml(const char *path)
{
    return ends_with(path, ".yaml") || ends_with(path, ".yml");
}

int load_parse(struct arena *a, const char *path, struct str text, struct value *ret, struct err *e)
{
    struct err inner = {0};
    struct json_options o = {.borrow = true};
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_of(text.p + 3, text.len - 3); /* the mark that some editors write */
    int status = is_yaml(path) ? yaml_parse(a, text, ret, &inner) : json_parse(a, text, &o, ret, &inner);
    if (status == 0)
        return 0;
    if (inner.row == 0)
        return err_set(e, inner.code, "%s: %s", path, inner.text);
    return err_set_at(e, inner.code, str_cstr(path), inner.row, inner.col, "column %u: %s", inner.col, inner.text);
}

int load_document(struct arena *a, const char *path, struct value *ret, struct err *e)
{
    struct str text;
    if (load_file(a, path, &text, e) != 0)
        return -1;
    return load_parse(a, path, text, ret, e);
}

/* ---- data ---- */

static int merge_objects(struct arena *a, struct object *into, struct object *from, const char *path, struct err *e);

static int merge_member(struct arena *a, struct object *into, struct value key, struct value v, const char *path, struct err *e)
{
    struct value *old = object_find(into, key);
    if (old == NULL)
        return object_put(a, into, key, v) < 0 ? err_set(e, ERR_NOMEM, "%s: out of memory", path) : 0;
    if (old->kind == VALUE_OBJECT && v.kind == VALUE_OBJECT)
        return merge_objects(a, old->object, v.object, path, e);
    return err_set(e, ERR_INPUT, "%s: merge error: '%.*s' is there already", path,
                   key.kind == VALUE_STRING && key.len < 200 ? (int)key.len : 0, key.kind == VALUE_STRING ? key.s : "");
}

static int merge_objects(struct arena *a, struct object *into, struct object *from, const char *path, struct err *e)
{
    for (uint32_t i = 0; i < from->count; i++)
        if (merge_member(a, into, from->members[i].key, from->members[i].value, path, e) != 0)
            return -1;
    return 0;
}

int load_merge(struct loaded *l, const struct str *path, size_t count, struct value v, const char *from, struct err *e)
{
    struct object *at = l->data;
    for (size_t i = 0; i < count; i++) {
        struct object *below = object_new(&l->arena, 1);
        struct value key = value_str(path[i]);
        struct value *old = object_find(at, key);
        if (old != NULL && i + 1 < count && old->kind == VALUE_OBJECT) {
            at = old->object;
            continue;
        }
        if (i + 1 == count)
            return merge_member(&l->arena, at, key, v, from, e);
        if (old != NULL)
            return err_set(e, ERR_INPUT, "%s: merge error: '%.*s' is there already", from, (int)path[i].len, path[i].p);
        if (below == NULL || object_put(&l->arena, at, key, value_object(below)) < 0)
            return err_set(e, ERR_NOMEM, "%s: out of memory", from);
        at = below;
    }
    if (v.kind != VALUE_OBJECT)
        return err_set(e, ERR_INPUT, "%s: a document at the root of data must be an object", from);
    return merge_objects(&l->arena, at, v.object, from, e);
}

/* ---- files and folders ---- */

struct where {
    const char *path;          /* of the file system */
    struct str names[DEEPEST_FOLDER + 1]; /* of data */
    size_t depth;
};

int load_module(struct loaded *l, const char *path, struct str text, struct err *e)
{
    struct str name = arena_str(&l->arena, str_cstr(path));
    if (name.p == NULL || !arena_grow(&l->arena, &l->modules, &l->module_cap, l->module_count + 1, sizeof *l->modules))
        return err_set(e, ERR_NOMEM, "%s: out of memory", path);
    l->modules[l->module_count++] = (struct loaded_module){name, text, MODULE_AS_FLAGS};
    return 0;
}

static int add_file(struct loaded *l, const struct where *w, bool named, struct err *e)
{
    struct str text;
    struct value v;
    bool is_module = ends_with(w->path, ".rego"), is_data = ends_with(w->path, ".json") || is_yaml(w->path);
    if (!is_module && !is_data)
        return named ? err_set(e, ERR_INPUT, "%s: unrecognized file: expected .rego, .json, .yaml or .yml", w->path) : 0;
    if (load_file(&l->arena, w->path, &text, e) != 0)
        return -1;
    if (is_module)
        return load_module(l, w->path, text, e);
    if (load_parse(&l->arena, w->path, text, &v, e) != 0)
        return -1;
    return load_merge(l, w->names, w->depth, v, w->path, e);
}

static bool is_ignored(const struct loaded *l, const char *name)
{
    for (size_t i = 0; l->ignore != NULL && i < l->ignore->count; i++)
        if (fnmatch(l->ignore->items[i], name, FNM_PERIOD) == 0)
            return true;
    return false;
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int not_dots(const struct dirent *d)
{
    return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static int add_any(struct loaded *l, struct where *w, bool named, bool is_bundle, struct err *e);

static int add_entry(struct loaded *l, struct where *w, const char *name, bool is_bundle, struct err *e)
{
    const char *folder = w->path;
    bool slash = ends_with(folder, "/");
    struct str path = arena_printf(&l->arena, "%s%s%s", strcmp(folder, ".") == 0 ? "" : folder,
                                   slash || strcmp(folder, ".") == 0 ? "" : "/", name);
    if (path.p == NULL)
        return err_set(e, ERR_NOMEM, "%s: out of memory", folder);
    w->path = path.p;
    int status = add_any(l, w, false, is_bundle, e);
    w->path = folder;
    return status;
}

bool load_is_bundle_data(const char *name)
{
    return strcmp(name, "data.json") == 0 || strcmp(name, "data.yaml") == 0 || strcmp(name, "data.yml") == 0 ||
           ends_with(name, ".rego");
}

static int add_folder(struct loaded *l, struct where *w, bool is_bundle, struct err *e)
{
    struct dirent **entries;
    int count = scandir(w->path, &entries, not_dots, compare_names), status = 0;
    if (count < 0)
        return err_set(e, ERR_INPUT, "%s: %s", w->path, strerror(errno));
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        struct str path = arena_printf(&l->arena, "%s/%s", w->path, name);
        struct stat st;
        bool is_folder = path.p != NULL && stat(path.p, &st) == 0 && S_ISDIR(st.st_mode);
        if (status == 0 && !is_ignored(l, name) && (is_folder || !is_bundle || load_is_bundle_data(name))) {
            if (is_folder && w->depth == DEEPEST_FOLDER) {
                status = err_set(e, ERR_LIMIT_DEPTH, "%s: folders nested deeper than %d", w->path, DEEPEST_FOLDER);
            } else {
                if (is_folder)
                    w->names[w->depth++] = arena_str(&l->arena, str_cstr(name));
                status = add_entry(l, w, name, is_bundle, e);
                w->depth -= is_folder;
            }
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

static int add_any(struct loaded *l, struct where *w, bool named, bool is_bundle, struct err *e)
{
    struct stat st;
    if (stat(w->path, &st) != 0)
        return err_set(e, ERR_INPUT, "%s: %s", w->path, strerror(errno));
    return S_ISDIR(st.st_mode) ? add_folder(l, w, is_bundle, e) : add_file(l, w, named, e);
}

/* Splits PREFIX:PATH; a path that exists as it is has no prefix. */
static int split_prefix(struct loaded *l, const char *given, struct where *w, struct err *e)
{
    struct stat st;
    const char *colon = strchr(given, ':');
    if (strncmp(given, "file://", 7) == 0)
        given += 7;
    w->path = given;
    if (colon == NULL || stat(given, &st) == 0)
        return 0;
    for (const char *p = given; p < colon;) {
        size_t n = strcspn(p, ".:/");
        if (w->depth == DEEPEST_FOLDER)
            return err_set(e, ERR_INPUT, "%s: the prefix has too many parts", given);
        if (n > 0 && !(w->depth == 0 && n == 4 && memcmp(p, "data", 4) == 0))
            w->names[w->depth++] = arena_str(&l->arena, str_of(p, n));
        p += n + 1;
    }
    w->path = colon + 1;
    if (strncmp(w->path, "file://", 7) == 0)
        w->path += 7;
    return 0;
}

int load_path(struct loaded *l, const char *path, struct err *e)
{
    struct where w = {.path = path};
    return split_prefix(l, path, &w, e) != 0 ? -1 : add_any(l, &w, true, false, e);
}

int load_folder(struct loaded *l, const char *path, bool is_bundle, struct err *e)
{
    struct where w = {.path = path};
    return add_any(l, &w, true, is_bundle, e);
}
