/* SPDX-License-Identifier: Apache-2.0
 *
 * Counting of test programs that are not Criterion's: each row of a table passes or fails, with a line that says why.
 */
#ifndef QUIS_TESTS_CHECK_H
#define QUIS_TESTS_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* Counts a row; says the text when ok is false. Gives ok. From any thread. */
bool check(bool ok, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A row that cannot be tried here, and why. */
void check_skip(const char *why);

/* Prints "N passed, N failed, N skipped"; the exit status of the program. */
int check_finish(void);

#endif
