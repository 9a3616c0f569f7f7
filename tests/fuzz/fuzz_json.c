/* SPDX-License-Identifier: Apache-2.0
 *
 * The JSON reader and writers: whatever is read is written again as JSON that reads as an equal value.
 */
#include "tests/fuzz/fuzz_common.h"

#include "vm/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    fuzz_arena(&a);
    struct json_options o = {.max_depth = FUZZ_DEPTH, .borrow = size % 2 == 0};
    struct value v, again;
    struct err e = {0};
    if (json_parse(&a, str_of((const char *)data, size), &o, &v, &e) == 0) {
        struct buf out;
        buf_init(&out, &a);
        json_write(&out, v, size % 3 == 0 ? JSON_COMPACT : JSON_COMPACT_RAW);
        if (!out.failed) {
            FUZZ_CHECK(json_parse(&a, buf_view(&out), &o, &again, &e) == 0 || a.failed, "what was written does not parse");
            FUZZ_CHECK(a.failed || value_equal(v, again), "what was written is another value");
        }
    } else {
        FUZZ_CHECK(e.code != ERR_OK, "a refusal without an error");
    }
    arena_fini(&a);
    return 0;
}
