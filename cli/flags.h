/* SPDX-License-Identifier: Apache-2.0
 *
 * Command lines: verbs and flags by table, in the manner of opa's (--name value, --name=value, -n value, -nvalue).
 *
 * An unknown verb or flag is answered with one line and the nearest known one.
 */
#ifndef QUIS_CLI_FLAGS_H
#define QUIS_CLI_FLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verb {
#define VERB(id, name, function, arguments, help) VERB_##id,
#include "cli/verbs.def"
#undef VERB
    VERB_COUNT
};

enum {
#define VERB(id, name, function, arguments, help) V_##id = 1 << VERB_##id,
#include "cli/verbs.def"
#undef VERB
    V_ALL = (1 << VERB_COUNT) - 1
};

/* Words of the command line; borrowed from argv. */
struct list {
    const char **items;
    size_t count;
};

#define FLAG_TYPE_BOOL bool
#define FLAG_TYPE_TEXT const char *
#define FLAG_TYPE_LIST struct list
#define FLAG_TYPE_NUMBER int64_t
#define FLAG_TYPE_DURATION int64_t

struct flags {
#define FLAG(id, name, letter, kind, placeholder, verbs, help) FLAG_TYPE_##kind id;
#include "cli/flags.def"
#undef FLAG
    struct list words; /* what is not a flag */
};

/* Reads the words after the verb. false: a line was written to standard error. Frees nothing: the process ends soon. */
bool flags_parse(enum verb verb, int argc, char **argv, struct flags *ret);

/* The verb of this name; false: a line with the nearest one was written. */
bool flags_verb(const char *name, enum verb *ret);

/* --help of a verb, or of the program (VERB_COUNT), to standard output. */
void flags_help(enum verb verb);

/* Is value one of names (separated by |)? false: a line was written. NULL stands for the first name. */
bool flags_choice(const char *flag, const char *value, const char *names);

typedef int (*verb_fn)(const struct flags *f);

#define VERB(id, name, function, arguments, help) int function(const struct flags *f);
#include "cli/verbs.def"
#undef VERB

#endif
