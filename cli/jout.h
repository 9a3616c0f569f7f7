/* SPDX-License-Identifier: Apache-2.0
 *
 * Indented JSON with members in the order in which they are written, as Go prints structs.
 */
#ifndef QUIS_CLI_JOUT_H
#define QUIS_CLI_JOUT_H

#include "base/buf.h"
#include "vm/value.h"

struct jout {
    struct buf b;
    int depth;
    bool has_members; /* of the innermost bracket */
    bool after_key;
};

void jout_init(struct jout *j, struct arena *a);
void jout_open(struct jout *j, char bracket);
void jout_close(struct jout *j, char bracket);
void jout_key(struct jout *j, const char *key);
void jout_name(struct jout *j, struct str key);
void jout_value(struct jout *j, struct value v);
void jout_text(struct jout *j, struct str s);
void jout_int(struct jout *j, int64_t n);

/* To standard output, with a line break. false: memory ran out. */
bool jout_print(struct jout *j);

#endif
