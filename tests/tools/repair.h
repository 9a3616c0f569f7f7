/* SPDX-License-Identifier: Apache-2.0
 *
 * Puts the length and the checksum of damaged program files right, so that what is behind them is reached.
 */
#ifndef QUIS_TESTS_REPAIR_H
#define QUIS_TESTS_REPAIR_H

#include <stddef.h>
#include <stdint.h>

#define REPAIR_CHECKSUM_AT 24u
#define REPAIR_HEADER 32u

static inline void repair_sum(uint64_t sums[2], const uint8_t *p, size_t len)
{
    for (size_t at = 0; at <= len / 8 * 8; at += 8) {
        for (size_t i = 0; i < 8 && at + i < len; i++)
            sums[0] += (uint64_t)p[at + i] << (8 * i);
        sums[1] += sums[0];
    }
}

static inline void repair_store(uint8_t *p, uint64_t v)
{
    for (size_t i = 0; i < 8; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static inline void repair_program(uint8_t *file, size_t len)
{
    uint64_t sums[2] = {len, 0};
    if (len < REPAIR_HEADER)
        return;
    repair_store(file + 16, len);
    repair_sum(sums, file, REPAIR_CHECKSUM_AT);
    repair_sum(sums, file + REPAIR_HEADER, len - REPAIR_HEADER);
    repair_store(file + REPAIR_CHECKSUM_AT, sums[0] ^ (sums[1] << 32 | sums[1] >> 32));
}

#endif
