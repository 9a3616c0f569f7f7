/* SPDX-License-Identifier: Apache-2.0
 *
 * A host that grants policies everything a test may ask for: clock, randomness, time zones, name look-up, empty runtime.
 */
#ifndef QUIS_TESTS_HOST_H
#define QUIS_TESTS_HOST_H

#include <quis/quis.h>

/* An engine with all grants and the function test.sleep; ends the program when it cannot be made. */
struct quis_engine *host_engine(bool strict_builtin_errors);

#endif
