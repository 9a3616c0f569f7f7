/* SPDX-License-Identifier: Apache-2.0
 *
 * quis parse: the syntax tree of a module.
 */
#include <stdio.h>

#include "cli/jout.h"
#include "cli/report.h"
#include "cli/tree.h"
#include "lang/ast_json.h"

struct included {
    bool locations, comments;
};

/* As opa: "locations,-comments"; comments are included unless it says otherwise. */
static bool read_included(const char *text, struct included *ret)
{
    *ret = (struct included){.comments = true};
    for (const char *p = text; p != NULL && *p != '\0';) {
        bool on = *p != '-';
        p += !on;
        size_t n = strcspn(p, ",");
        if (n == 9 && memcmp(p, "locations", 9) == 0)
            ret->locations = on;
        else if (n == 8 && memcmp(p, "comments", 8) == 0)
            ret->comments = on;
        else
            return false;
        p += n + (p[n] == ',');
    }
    return true;
}

/* The module's members in OPA's order; what is below them is in order of names, there too. */
static bool print_json(struct session *s, const struct object *module)
{
    static const char *const order[] = {"package", "imports", "annotations", "rules", "comments"};
    struct jout j;
    jout_init(&j, &s->c.arena);
    jout_open(&j, '{');
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        const struct value *v = object_find_str(module, str_cstr(order[i]));
        if (v == NULL)
            continue;
        jout_key(&j, order[i]);
        jout_value(&j, *v);
    }
    jout_close(&j, '}');
    return jout_print(&j);
}

static int print_module(struct session *s, struct included in)
{
    const struct module *m = s->c.modules[0];
    if (s->flags->format != NULL && strcmp(s->flags->format, "json") == 0) {
        struct value v = ast_module_json(&s->c.arena, &s->c, m, (struct ast_json_options){in.locations, in.comments});
        return v.kind == VALUE_OBJECT && print_json(s, v.object) ? 0 : 1;
    }
    struct buf b;
    buf_init(&b, &s->c.arena);
    tree_write(&b, m, in.comments);
    (void)fwrite(b.p, 1, b.len, stdout); /* main looks whether standard output failed */
    return b.failed;
}

static int run(struct session *s, struct included in)
{
    struct str text;
    const char *path = s->flags->words.items[0];
    if (load_file(&s->loaded.arena, path, &text, &s->error) != 0 || !parse_module(&s->c, str_cstr(path), text)) {
        report_errors(s, true);
        return 1;
    }
    return print_module(s, in);
}

int verb_parse(const struct flags *f)
{
    struct session s;
    struct included in;
    if (f->words.count != 1) {
        report_line("parse needs one policy, as quis parse policy.rego");
        return 1;
    }
    if (!flags_choice("format", f->format, "pretty|json"))
        return 1;
    if (!read_included(f->json_include, &in)) {
        report_line("--json-include takes locations and comments, separated by commas");
        return 1;
    }
    int status = session_init(&s, f);
    if (status == 0)
        status = run(&s, in);
    session_fini(&s);
    return status;
}
