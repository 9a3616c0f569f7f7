// SPDX-License-Identifier: Apache-2.0
//
// simdjson's reader: a document as its tape.
#include <simdjson.h>

#include "tests/bench/json_bench.h"

static simdjson::dom::parser parser;

bool read_simdjson(const char *text, size_t len)
{
    simdjson::dom::element document;
    return parser.parse(text, len, false).get(document) == simdjson::SUCCESS;
}
