/* SPDX-License-Identifier: Apache-2.0
 *
 * jansson's reader: a document as its tree, given back at once. Apart, because jansson's names and ours clash.
 */
#include <jansson.h>

#include "tests/bench/json_bench.h"

bool read_jansson(const char *text, size_t len)
{
    json_t *v = json_loadb(text, len, JSON_DECODE_ANY, NULL);
    bool ok = v != NULL;
    json_decref(v);
    return ok;
}
