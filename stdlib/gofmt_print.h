/* SPDX-License-Identifier: Apache-2.0
 *
 * Printing of one argument under flags: private to stdlib/gofmt*.c.
 */
#ifndef QUIS_STDLIB_GOFMT_PRINT_H
#define QUIS_STDLIB_GOFMT_PRINT_H

#include "stdlib/gofmt.h"

struct gofmt_flags {
    bool has_width, has_precision;
    bool minus, plus, sharp, space, zero;
    bool plus_v, sharp_v; /* the flags + and # of %v, which mean something else there */
    int width, precision;
};

struct gofmt_printer {
    struct bi_ctx *ctx;
    struct buf *b;
    struct gofmt_flags flags;
    bool in_error; /* while the argument of an error text is printed */
};

void gofmt_pad(struct gofmt_printer *p, int n);           /* n blanks, or zeros where the flag says so */
void gofmt_padded(struct gofmt_printer *p, struct str s); /* s within the width */
void gofmt_signed(struct gofmt_printer *p, int64_t i, uint32_t verb, bool *ret_good);
void gofmt_unsigned(struct gofmt_printer *p, uint64_t u, unsigned base);
void gofmt_float(struct gofmt_printer *p, double f, uint32_t verb, bool *ret_good);
void gofmt_string(struct gofmt_printer *p, struct str s, uint32_t verb, bool *ret_good);
void gofmt_big(struct gofmt_printer *p, struct value v, uint32_t verb);

void gofmt_arg(struct gofmt_printer *p, const struct gofmt_arg *a, uint32_t verb);

#endif
