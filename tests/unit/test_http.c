/* SPDX-License-Identifier: Apache-2.0
 *
 * http.send checks a request before any host sees it; without a host a good one is "not granted".
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host;

static const struct call_row timeouts_are_rows[] = {
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": \"5.0\"}]", "!not granted"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": \"+5\"}]", "!not granted"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": 5.0}]", "!not granted"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": \"1h2m3.5s\"}]", "!not granted"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": \".5s\"}]", "!not granted"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": \"0\"}]", "!not granted"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": 5.5}]",
     "!invalid timeout number value 5.5, must be int64"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": \"5.50\"}]",
     "!invalid timeout value \"5.50\": time: missing unit in duration \"5.50\""},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": \"5d\"}]",
     "!invalid timeout value \"5d\": time: unknown unit \"d\" in duration \"5d\""},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": \"\"}]",
     "!invalid timeout value \"\": time: invalid duration \"\""},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": \"9999999999999999999\"}]",
     "!invalid timeout value \"9999999999999999999\": time: invalid duration"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": \"3000000h\"}]",
     "!invalid timeout value \"3000000h\": time: invalid duration"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"timeout\": []}]",
     "!'timeout' must be one of {string, number} but got array"},
};

Test(http, timeouts_are_nanoseconds_or_durations)
{
    call_check_all(timeouts_are_rows, COUNT_OF(timeouts_are_rows), &host);
}

static const struct call_row cache_durations_rows[] = {
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"force_cache\": true}]",
     "!'force_cache' set but 'force_cache_duration_seconds' parameter is missing"},
    {"http.send",
     "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"force_cache\": true, "
      "\"force_cache_duration_seconds\": 2147483647}]",
     "!not granted"},
    {"http.send",
     "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"force_cache\": true, \"force_cache_duration_seconds\": -0}]",
     "!not granted"},
    {"http.send",
     "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"force_cache\": true, "
      "\"force_cache_duration_seconds\": 2147483648}]",
     "!strconv.ParseInt: parsing \"2147483648\": value out of range"},
    {"http.send",
     "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"force_cache\": true, \"force_cache_duration_seconds\": 5.0}]",
     "!strconv.ParseInt: parsing \"5.0\": invalid syntax"},
    {"http.send",
     "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"force_cache\": true, \"force_cache_duration_seconds\": \"5\"}]",
     "!strconv.ParseInt: parsing \"\\\"5\\\"\": invalid syntax"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"http://127.0.0.1:1/\", \"cache\": 1}]",
     "!invalid value for \"cache\" field"},
};

Test(http, cache_durations_are_integers_of_32_bits)
{
    call_check_all(cache_durations_rows, COUNT_OF(cache_durations_rows), &host);
}

static const struct call_row requests_name_rows[] = {
    {"http.send", "[{}]", "!missing required request parameters(s): {\"method\", \"url\"}"},
    {"http.send", "[{\"method\": \"get\"}]", "!missing required request parameters(s): {\"url\"}"},
    {"http.send", "[{\"method\": \"get\", \"url\": \"x\", \"a\": 1}]", "!invalid request parameters(s): {\"a\"}"},
    {"http.send", "[{\"method\": 1, \"url\": \"x\"}]", "!method"},
};

Test(http, requests_name_method_and_url_and_nothing_unknown)
{
    call_check_all(requests_name_rows, COUNT_OF(requests_name_rows), &host);
}
