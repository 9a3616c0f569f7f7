/* SPDX-License-Identifier: Apache-2.0
 *
 * Decimal numbers in strings: what Go reads and JSON does not (+5, .5, 5., 007, 1_000) rewritten to what JSON does.
 *
 * Hexadecimal forms are not read.
 */
#ifndef QUIS_STDLIB_DECIMAL_H
#define QUIS_STDLIB_DECIMAL_H

#include "base/buf.h"

/* Appends s as a number of JSON to b, which must be empty. false: s is no decimal number. b->failed: out of memory. */
MUST_CHECK bool decimal_rewrite(struct buf *b, struct str s);

#endif
