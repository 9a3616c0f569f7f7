/* SPDX-License-Identifier: Apache-2.0
 *
 * The YAML reader on bytes.
 */
#include "tests/fuzz/fuzz_common.h"

#include "stdlib/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct value v;
    struct err e = {.code = ERR_OK};
    uint64_t units;
    fuzz_arena(&a);
    if (yaml_parse_bounded(&a, str_of((const char *)data, size), FUZZ_FUEL, &v, &units, &e) != 0)
        FUZZ_CHECK(e.code != ERR_OK, "a refusal without an error");
    arena_fini(&a);
    return 0;
}
