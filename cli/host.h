/* SPDX-License-Identifier: Apache-2.0
 *
 * What the program grants to the policies it runs: clock, randomness, time zones, print to standard error.
 */
#ifndef QUIS_CLI_HOST_H
#define QUIS_CLI_HOST_H

#include "vm/vm.h"

struct observer;

/* What the functions of the profile work with: their ctx. */
struct host_state {
    struct observer *observer; /* for notes; NULL: nobody listens */
};

/* The profile of the command line. ret->runtime is made in a; state lives as long as ret. */
MUST_CHECK int host_init(struct bi_host *ret, struct host_state *state, struct arena *a, struct err *e);

/* A monotonic clock, for the limit wall_ms and for timers. */
int64_t host_monotonic_ns(void);
int64_t host_monotonic_ms(void *ctx);

#endif
