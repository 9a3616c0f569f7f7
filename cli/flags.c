/* SPDX-License-Identifier: Apache-2.0
 *
 * The parser of command lines over the tables verbs.def and flags.def.
 */
#include "cli/flags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_BOOL, KIND_TEXT, KIND_LIST, KIND_NUMBER, KIND_DURATION };

struct row {
    const char *name;
    char letter;
    enum kind kind;
    const char *placeholder;
    unsigned verbs;
    const char *help;
    size_t offset;
};

static const struct row rows[] = {
#define FLAG(id, name, letter, kind, placeholder, verbs, help)                                                                   \
    {name, letter, KIND_##kind, placeholder, verbs, help, offsetof(struct flags, id)},
#include "cli/flags.def"
#undef FLAG
};

struct verb_row {
    const char *name, *arguments, *help;
};

static const struct verb_row verbs[] = {
#define VERB(id, name, function, arguments, help) {name, arguments, help},
#include "cli/verbs.def"
#undef VERB
};

#define ROWS (sizeof rows / sizeof rows[0])

/* ---- the nearest name ---- */

#define LONGEST_NAME 64

/* Edit distance; names longer than LONGEST_NAME count as far away. */
static size_t distance(const char *a, size_t a_len, const char *b)
{
    size_t b_len = strlen(b), row[LONGEST_NAME + 1];
    if (a_len > LONGEST_NAME || b_len > LONGEST_NAME)
        return SIZE_MAX;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b_len];
}

static void unknown(const char *what, const char *prefix, const char *name, size_t len, const char *nearest)
{
    fprintf(stderr, "quis: unknown %s '%s%.*s'", what, prefix, (int)len, name);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean '%s%s'?", prefix, nearest);
    fputc('\n', stderr);
}

static const char *nearest_flag(enum verb verb, const char *name, size_t len)
{
    const char *best = NULL;
    size_t least = len / 2 + 1;
    for (size_t i = 0; i < ROWS; i++) {
        size_t d = (rows[i].verbs & (1u << verb)) != 0 ? distance(name, len, rows[i].name) : SIZE_MAX;
        if (d < least) {
            least = d;
            best = rows[i].name;
        }
    }
    return best;
}

bool flags_verb(const char *name, enum verb *ret)
{
    const char *best = NULL;
    size_t least = strlen(name) / 2 + 2;
    for (int i = 0; i < VERB_COUNT; i++) {
        size_t d = distance(name, strlen(name), verbs[i].name);
        if (d == 0) {
            *ret = (enum verb)i;
            return true;
        }
        if (d < least) {
            least = d;
            best = verbs[i].name;
        }
    }
    unknown("command", "", name, strlen(name), best);
    return false;
}

bool flags_choice(const char *flag, const char *value, const char *names)
{
    size_t len = value != NULL ? strlen(value) : 0;
    if (value == NULL)
        return true;
    for (const char *p = names; p != NULL; p = strchr(p, '|')) {
        p += *p == '|';
        size_t n = strcspn(p, "|");
        if (n == len && memcmp(p, value, n) == 0)
            return true;
    }
    fprintf(stderr, "quis: --%s takes one of %s, not '%s'\n", flag, names, value);
    return false;
}

/* ---- values ---- */

static bool set_number(const struct row *r, const char *text, int64_t *ret)
{
    char *end;
    long long n = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || n < 0) {
        fprintf(stderr, "quis: --%s takes a whole number, not '%s'\n", r->name, text);
        return false;
    }
    *ret = n;
    return true;
}

static bool unit_ns(const char *p, size_t *ret_len, double *ret_ns)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t n = strlen(units[i].name);
        if (strncmp(p, units[i].name, n) == 0) {
            *ret_len = n;
            *ret_ns = units[i].ns;
            return true;
        }
    }
    return false;
}

static bool set_duration(const struct row *r, const char *text, int64_t *ret)
{
    double total = 0;
    const char *p = text;
    while (*p != '\0') {
        char *end;
        double n = strtod(p, &end), ns;
        size_t len;
        if (end == p || n < 0 || !unit_ns(end, &len, &ns))
            break;
        total += n * ns;
        p = end + len;
    }
    if (p == text || *p != '\0' || total > 9e18) {
        fprintf(stderr, "quis: --%s takes a time as 500ms, 10s or 1m30s, not '%s'\n", r->name, text);
        return false;
    }
    *ret = (int64_t)total;
    return true;
}

static bool push(struct list *l, const char *word, int argc)
{
    if (l->items == NULL)
        l->items = calloc((size_t)argc + 1, sizeof *l->items); /* lives as long as the process */
    if (l->items == NULL) {
        fputs("quis: out of memory\n", stderr);
        return false;
    }
    l->items[l->count++] = word;
    return true;
}

static bool set_bool(const struct row *r, const char *text, bool *ret)
{
    *ret = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
    if (*ret || strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        return true;
    fprintf(stderr, "quis: --%s takes true or false, not '%s'\n", r->name, text);
    return false;
}

static bool set(const struct row *r, const char *text, struct flags *f, int argc)
{
    void *place = (char *)f + r->offset;
    switch (r->kind) {
    case KIND_BOOL:
        return set_bool(r, text, place);
    case KIND_TEXT:
        *(const char **)place = text;
        return true;
    case KIND_LIST:
        return push(place, text, argc);
    case KIND_NUMBER:
        return set_number(r, text, place);
    case KIND_DURATION:
        return set_duration(r, text, place);
    }
    return false;
}

/* ---- words ---- */

static const struct row *find_long(enum verb verb, const char *name, size_t len)
{
    for (size_t i = 0; i < ROWS; i++)
        if ((rows[i].verbs & (1u << verb)) != 0 && strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0)
            return &rows[i];
    unknown("flag", "--", name, len, nearest_flag(verb, name, len));
    return NULL;
}

static const struct row *find_letter(enum verb verb, char letter)
{
    for (size_t i = 0; i < ROWS; i++)
        if ((rows[i].verbs & (1u << verb)) != 0 && rows[i].letter == letter)
            return &rows[i];
    fprintf(stderr, "quis: unknown flag '-%c'; quis %s --help lists them\n", letter, verbs[verb].name);
    return NULL;
}

struct words {
    int argc, at;
    char **argv;
};

static const char *argument(struct words *w, const struct row *r)
{
    if (w->at + 1 < w->argc)
        return w->argv[++w->at];
    fprintf(stderr, "quis: --%s needs a value (%s)\n", r->name, r->placeholder);
    return NULL;
}

static bool long_flag(enum verb verb, struct words *w, struct flags *f)
{
    const char *name = w->argv[w->at] + 2;
    size_t len = strcspn(name, "=");
    const struct row *r = find_long(verb, name, len);
    if (r == NULL)
        return false;
    const char *value = name[len] == '=' ? name + len + 1 : r->kind == KIND_BOOL ? "true" : argument(w, r);
    return value != NULL && set(r, value, f, w->argc);
}

static bool letters(enum verb verb, struct words *w, struct flags *f)
{
    for (const char *p = w->argv[w->at] + 1; *p != '\0'; p++) {
        const struct row *r = find_letter(verb, *p);
        if (r == NULL)
            return false;
        if (r->kind == KIND_BOOL) {
            if (!set(r, "true", f, w->argc))
                return false;
            continue;
        }
        const char *value = p[1] == '=' ? p + 2 : p[1] != '\0' ? p + 1 : argument(w, r);
        return value != NULL && set(r, value, f, w->argc);
    }
    return true;
}

bool flags_parse(enum verb verb, int argc, char **argv, struct flags *ret)
{
    struct words w = {argc, 0, argv};
    bool only_words = false;
    *ret = (struct flags){.pretty_limit = 80, .profile_limit = -1, .count = 1, .max_errors = 10};
    for (; w.at < argc; w.at++) {
        const char *word = argv[w.at];
        bool ok;
        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
            continue;
        }
        if (only_words || word[0] != '-' || word[1] == '\0')
            ok = push(&ret->words, word, argc);
        else
            ok = word[1] == '-' ? long_flag(verb, &w, ret) : letters(verb, &w, ret);
        if (!ok)
            return false;
    }
    return true;
}

/* ---- help ---- */

static void verb_help(enum verb verb)
{
    printf("quis %s: %s.\n\nUsage: quis %s [flags] %s\n\nFlags:\n", verbs[verb].name, verbs[verb].help, verbs[verb].name,
           verbs[verb].arguments);
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *r = &rows[i];
        if ((r->verbs & (1u << verb)) == 0)
            continue;
        char left[64];
        char letter[4] = {'-', r->letter, ',', '\0'};
        (void)snprintf(left, sizeof left, "%3s --%s %s", r->letter ? letter : "", r->name, r->placeholder); /* cut at worst */
        printf("  %-30s %s\n", left, r->help);
    }
}

void flags_help(enum verb verb)
{
    if (verb != VERB_COUNT) {
        verb_help(verb);
        return;
    }
    printf("quis: policies in Rego, compiled and run in a sandbox.\n\nUsage: quis COMMAND [flags] [arguments]\n\nCommands:\n");
    for (int i = 0; i < VERB_COUNT; i++)
        printf("  %-14s %s\n", verbs[i].name, verbs[i].help);
    printf("\nquis COMMAND --help explains a command. Exit status of eval: 0 done, 1 --fail or --fail-defined, 2 an error.\n"
           "\nExample: echo '{\"user\": \"ann\"}' | quis eval -I 'input.user == \"ann\"'\n");
}
