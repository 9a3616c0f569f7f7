/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts of literals as OPA reads them.
 */
#ifndef QUIS_LANG_LITERAL_H
#define QUIS_LANG_LITERAL_H

#include "vm/number.h"

/* The text between the quotes of a JSON string. false: not JSON, or out of memory (arena->failed). */
MUST_CHECK bool literal_unescape(struct arena *a, struct str text, struct str *ret);

/* A part of a template string without its delimiters; \{ is {, and unless raw the rest is JSON's. */
MUST_CHECK bool literal_template_text(struct arena *a, struct str text, bool is_raw, struct str *ret);

/* prefix is "", "-", "." or "-.": are the digits behind it a number without needless zeros in front? */
bool literal_is_number(const char *prefix, struct str digits);

/* The value of a whole number text, sign and all. NUMBER_TOO_BIG: its binary exponent is out of range. */
MUST_CHECK enum number_status literal_number(struct arena *a, struct str text, struct value *ret);

#endif
