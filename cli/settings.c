/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading schemas (a file is the schema of the input, a folder has one per file), capabilities, and the query's context.
 */
#include "cli/settings.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define DEEPEST_FOLDER 64

/* The key of a schema file: its path below the folder without its extension. */
static int add_schema(struct session *s, struct object *schemas, const char *path, const char *below, struct err *e)
{
    struct value v;
    const char *dot = strrchr(below, '.');
    struct str key = arena_str(&s->loaded.arena, str_of(below, dot != NULL ? (size_t)(dot - below) : strlen(below)));
    if (load_document(&s->loaded.arena, path, &v, e) != 0)
        return -1;
    if (key.p == NULL || object_put(&s->loaded.arena, schemas, value_str(key), v) < 0)
        return err_set(e, ERR_NOMEM, "out of memory");
    return 0;
}

static int is_visible(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static int add_schemas(struct session *s, struct object *schemas, const char *folder, const char *below, int depth)
{
    struct dirent **entries;
    struct err *e = &s->error;
    int count = scandir(folder, &entries, is_visible, alphasort), status = 0;
    if (count < 0)
        return err_set(e, ERR_INPUT, "%s: %s", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        struct stat st;
        struct str path = arena_printf(&s->loaded.arena, "%s/%s", folder, entries[i]->d_name);
        struct str key = arena_printf(&s->loaded.arena, "%s%s%s", below, below[0] != '\0' ? "/" : "", entries[i]->d_name);
        if (status == 0 && (path.p == NULL || key.p == NULL))
            status = err_set(e, ERR_NOMEM, "out of memory");
        else if (status == 0 && stat(path.p, &st) != 0)
            status = err_set(e, ERR_INPUT, "%s: %s", path.p, strerror(errno));
        else if (status == 0 && S_ISDIR(st.st_mode))
            status = depth < DEEPEST_FOLDER ? add_schemas(s, schemas, path.p, key.p, depth + 1)
                                            : err_set(e, ERR_LIMIT_DEPTH, "%s: folders nested too deep", path.p);
        else if (status == 0)
            status = add_schema(s, schemas, path.p, key.p, e);
        free(entries[i]);
    }
    free(entries);
    return status;
}

static int read_schemas(struct session *s, const char *path)
{
    struct stat st;
    struct object *schemas = object_new(&s->loaded.arena, 4);
    if (schemas == NULL)
        return err_set(&s->error, ERR_NOMEM, "out of memory");
    if (stat(path, &st) != 0)
        return err_set(&s->error, ERR_INPUT, "stat %s: %s", path, strerror(errno));
    s->c.options.schemas = value_object(schemas);
    return S_ISDIR(st.st_mode) ? add_schemas(s, schemas, path, "", 0) : add_schema(s, schemas, path, "", &s->error);
}

int settings_read(struct session *s)
{
    if (s->flags->schema != NULL && read_schemas(s, s->flags->schema) != 0)
        return -1;
    if (s->flags->capabilities == NULL)
        return 0;
    return load_document(&s->loaded.arena, s->flags->capabilities, &s->c.options.capabilities, &s->error);
}

int settings_query(struct session *s)
{
    struct buf b;
    const struct flags *f = s->flags;
    if (f->package == NULL && f->import.count == 0)
        return 0;
    buf_init(&b, &s->c.arena);
    buf_printf(&b, "package %s\n", f->package != NULL ? f->package : "_");
    for (size_t i = 0; i < f->import.count; i++)
        buf_printf(&b, "import %s\n", f->import.items[i]);
    if (b.failed)
        return err_set(&s->error, ERR_NOMEM, "out of memory");
    if (!parse_module(&s->c, STR("command line"), buf_view(&b)))
        return -1;
    const struct module *m = s->c.modules[--s->c.module_count]; /* it was only a way to read them */
    if (f->package != NULL)
        s->query.package = m->package;
    s->query.imports = m->imports;
    s->query.import_count = m->import_count;
    return 0;
}
