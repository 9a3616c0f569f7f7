/* SPDX-License-Identifier: Apache-2.0
 *
 * Big integers of OpenSSL for the files of numbers. Every temporary comes from one BN_CTX, which is freed as a whole; a NULL
 * from BN_CTX_get repeats, so that the last of several is the one to check.
 */
#ifndef QUIS_VM_NUMBER_BIG_H
#define QUIS_VM_NUMBER_BIG_H

#include <openssl/bn.h>

#include "vm/number_parts.h"

/* The digits of p as written, without point; scale 0 with big_of_integer. false: out of memory. */
MUST_CHECK bool big_of_digits(BIGNUM *r, const struct number_parts *p, bool with_end_zeros);

/* The integral number v. */
MUST_CHECK bool big_of_integer(BIGNUM *r, struct value v);

/* 5^n. */
MUST_CHECK bool big_pow5(BIGNUM *r, uint64_t n, BN_CTX *ctx);

/* Is any of the low bits set? */
bool big_has_low_bits(const BIGNUM *n, int bits);

/* The low 128 bits of |n|. */
number_u128 big_to_u128(const BIGNUM *n);

/* The number of an integer; NUMBER_TOO_BIG above the limit of digits. */
MUST_CHECK enum number_status big_make(struct arena *a, const BIGNUM *n, struct value *ret);

#endif
