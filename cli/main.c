/* SPDX-License-Identifier: Apache-2.0
 *
 * The program quis: finds the verb and runs it.
 */
#include <stdio.h>
#include <string.h>

#include "cli/flags.h"

static const verb_fn functions[] = {
#define VERB(id, name, function, arguments, help) function,
#include "cli/verbs.def"
#undef VERB
};

int main(int argc, char **argv)
{
    enum verb verb;
    static struct flags flags; /* what it points to lives as long as the process */
    bool asks = argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0);
    if (argc < 2 || asks) {
        flags_help(VERB_COUNT);
        return argc < 2 ? 2 : 0;
    }
    if (!flags_verb(argv[1], &verb) || !flags_parse(verb, argc - 2, argv + 2, &flags))
        return 2;
    if (flags.help) {
        flags_help(verb);
        return 0;
    }
    int status = functions[verb](&flags);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("quis: cannot write to standard output\n", stderr);
        return 2;
    }
    return status;
}
