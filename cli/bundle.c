/* SPDX-License-Identifier: Apache-2.0
 *
 * Bundles: a folder or a .tar.gz with modules, data files and a manifest, as opa's (v1/bundle).
 *
 * The manifest's roots bound what the bundle may define; its versions say in which Rego its modules are. Signatures, WebAssembly
 * and plans in a bundle are left alone.
 */
#include <archive.h>
#include <archive_entry.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include "cli/load.h"
#include "vm/json.h"

#define LARGEST_MEMBER ((size_t)1 << 30)
#define DEEPEST_PATH 100

/* ---- manifest ---- */

static struct value member(struct value v, const char *key)
{
    const struct value *found = v.kind == VALUE_OBJECT ? object_find_str(v.object, str_cstr(key)) : NULL;
    return found != NULL ? *found : value_undefined();
}

static enum module_version version_of(struct value v)
{
    if (!value_is_int(v))
        return MODULE_AS_FLAGS;
    return v.i == 0 ? MODULE_V0 : MODULE_V1;
}

/* The path of a module inside of its bundle, with a slash in front. */
static const char *inner_path(const struct loaded_module *m, const char *bundle)
{
    size_t n = strlen(bundle);
    const char *p = m->name.len > n && memcmp(m->name.p, bundle, n) == 0 ? m->name.p + n : m->name.p;
    return p;
}

static void set_versions(struct loaded *l, size_t from, const char *bundle, struct value manifest)
{
    struct value files = member(manifest, "file_rego_versions");
    for (size_t i = from; i < l->module_count; i++) {
        struct loaded_module *m = &l->modules[i];
        m->version = version_of(member(manifest, "rego_version"));
        const struct member *globs = files.kind == VALUE_OBJECT ? object_members(files.object) : NULL;
        for (uint32_t k = 0; globs != NULL && k < files.object->count; k++) {
            char pattern[512];
            struct str key = globs[k].key.kind == VALUE_STRING ? value_text(globs[k].key) : STR("");
            if (key.len >= sizeof pattern)
                continue;
            memcpy(pattern, key.p, key.len);
            pattern[key.len] = '\0';
            if (fnmatch(pattern, inner_path(m, bundle), FNM_PATHNAME) == 0)
                m->version = version_of(globs[k].value);
        }
    }
}

/* Is the place of names below one of the roots, or on the way to one? */
static bool is_in_roots(struct value roots, const struct str *names, size_t count)
{
    if (roots.kind != VALUE_ARRAY)
        return true;
    for (size_t i = 0; i < roots.len; i++) {
        struct str root = roots.items[i].kind == VALUE_STRING ? value_text(roots.items[i]) : STR("");
        size_t at = 0, k = 0;
        for (; k < count && at < root.len; k++) {
            const char *slash = memchr(root.p + at, '/', root.len - at);
            size_t n = slash != NULL ? (size_t)(slash - root.p) - at : root.len - at;
            if (!str_equal(str_of(root.p + at, n), names[k]))
                break;
            at += n + 1;
        }
        if (k == count || at >= root.len)
            return true;
    }
    return false;
}

static int check_roots(struct loaded *l, const char *bundle, struct value roots, struct object *data, struct str *names,
                       size_t depth, struct err *e)
{
    const struct member *m = object_members(data);
    for (uint32_t i = 0; i < data->count && depth < DEEPEST_PATH; i++) {
        if (m[i].key.kind != VALUE_STRING)
            continue;
        names[depth] = value_text(m[i].key);
        if (!is_in_roots(roots, names, depth + 1))
            return err_set(e, ERR_INPUT, "%s: manifest roots do not permit data at path '/%.*s'", bundle, (int)names[depth].len,
                           names[depth].p);
        if (m[i].value.kind == VALUE_OBJECT && check_roots(l, bundle, roots, m[i].value.object, names, depth + 1, e) != 0)
            return -1;
    }
    return 0;
}

/* What the manifest says of what was loaded from module `from` on into l->data. */
static int apply_manifest(struct loaded *l, size_t from, const char *bundle, struct value manifest, struct err *e)
{
    struct str names[DEEPEST_PATH + 1];
    set_versions(l, from, bundle, manifest);
    return check_roots(l, bundle, member(manifest, "roots"), l->data, names, 0, e);
}

/* ---- archives ---- */

static int read_member(struct loaded *l, struct archive *a, const char *name, struct str *ret, struct err *e)
{
    struct buf b;
    buf_init(&b, &l->arena);
    for (;;) {
        if (!buf_reserve(&b, 65536))
            return err_set(e, ERR_NOMEM, "%s: out of memory", name);
        la_ssize_t n = archive_read_data(a, b.p + b.len, b.cap - b.len);
        if (n < 0)
            return err_set(e, ERR_INPUT, "%s: %s", name, archive_error_string(a));
        if (n == 0)
            break;
        b.len += (size_t)n;
        if (b.len > LARGEST_MEMBER)
            return err_set(e, ERR_LIMIT_SIZE, "%s: larger than %zu bytes", name, LARGEST_MEMBER);
    }
    *ret = buf_view(&b);
    return 0;
}

/* The names of the folders of a path. false: too many, or one is "..". */
static bool split_folders(const char *path, struct str *names, size_t *ret_count)
{
    size_t count = 0;
    for (const char *p = path, *slash; (slash = strchr(p, '/')) != NULL; p = slash + 1) {
        size_t n = (size_t)(slash - p);
        if ((n == 2 && p[0] == '.' && p[1] == '.') || count == DEEPEST_PATH)
            return false;
        if (n > 0 && !(n == 1 && p[0] == '.'))
            names[count++] = str_of(p, n);
    }
    *ret_count = count;
    return true;
}

static int add_member(struct loaded *l, struct archive *a, const char *bundle, const char *path, struct value *manifest,
                      struct err *e)
{
    struct str text, names[DEEPEST_PATH];
    struct value v;
    size_t count;
    const char *base = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
    struct str own = arena_str(&l->arena, str_cstr(path[0] == '.' && path[1] == '/' ? path + 1 : path));
    bool is_manifest = strcmp(base, ".manifest") == 0;
    if (!is_manifest && !load_is_bundle_data(base))
        return 0;
    if (own.p == NULL)
        return err_set(e, ERR_NOMEM, "%s: out of memory", bundle);
    struct str name = arena_printf(&l->arena, "%s%s%s", bundle, own.p[0] == '/' ? "" : "/", own.p);
    if (name.p == NULL)
        return err_set(e, ERR_NOMEM, "%s: out of memory", bundle);
    if (!split_folders(own.p, names, &count))
        return err_set(e, ERR_INPUT, "%s: the path leaves the bundle or has too many folders", name.p);
    if (read_member(l, a, name.p, &text, e) != 0)
        return -1;
    size_t n = strlen(base);
    if (n > 5 && strcmp(base + n - 5, ".rego") == 0)
        return load_module(l, name.p, text, e);
    if (load_parse(&l->arena, name.p, text, &v, e) != 0)
        return -1;
    if (is_manifest) {
        *manifest = v;
        return 0;
    }
    return load_merge(l, names, count, v, name.p, e);
}

static int read_archive(struct loaded *l, struct archive *a, const char *path, struct err *e)
{
    struct archive_entry *entry;
    struct value manifest = value_undefined();
    size_t from = l->module_count;
    int status;
    if (archive_read_support_filter_gzip(a) < ARCHIVE_WARN || archive_read_support_format_tar(a) < ARCHIVE_WARN ||
        archive_read_open_filename(a, path, 65536) != ARCHIVE_OK)
        return err_set(e, ERR_INPUT, "%s: %s", path, archive_error_string(a));
    while ((status = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
        const char *name = archive_entry_pathname(entry);
        if (name != NULL && archive_entry_filetype(entry) == AE_IFREG && add_member(l, a, path, name, &manifest, e) != 0)
            return -1;
    }
    if (status != ARCHIVE_EOF)
        return err_set(e, ERR_INPUT, "%s: %s", path, archive_error_string(a));
    return apply_manifest(l, from, path, manifest, e);
}

static int load_archive(struct loaded *l, const char *path, struct err *e)
{
    struct archive *a = archive_read_new();
    if (a == NULL)
        return err_set(e, ERR_NOMEM, "%s: out of memory", path);
    int status = read_archive(l, a, path, e);
    (void)archive_read_free(a); /* only read */
    return status;
}

static int load_folder_bundle(struct loaded *l, const char *path, struct err *e)
{
    size_t from = l->module_count;
    struct value manifest = value_undefined();
    struct stat st;
    struct str name = arena_printf(&l->arena, "%s/.manifest", path), text;
    if (name.p == NULL)
        return err_set(e, ERR_NOMEM, "%s: out of memory", path);
    if (load_folder(l, path, true, e) != 0)
        return -1;
    if (stat(name.p, &st) == 0 &&
        (load_file(&l->arena, name.p, &text, e) != 0 || load_parse(&l->arena, name.p, text, &manifest, e) != 0))
        return -1;
    return apply_manifest(l, from, path, manifest, e);
}

int load_bundle(struct loaded *l, const char *path, struct err *e)
{
    struct stat st;
    if (strncmp(path, "file://", 7) == 0)
        path += 7;
    bool is_folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    return is_folder ? load_folder_bundle(l, path, e) : load_archive(l, path, e);
}
