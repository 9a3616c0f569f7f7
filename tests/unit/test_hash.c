/* SPDX-License-Identifier: Apache-2.0
 *
 * Digests and MACs: known answers.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

#define ZEROS64 "0000000000000000000000000000000000000000000000000000000000000000"

static const struct call_row digests[] = {
    {"crypto.md5", "[\"\"]", "\"d41d8cd98f00b204e9800998ecf8427e\""},
    {"crypto.md5", "[\"abc\"]", "\"900150983cd24fb0d6963f7d28e17f72\""},
    {"crypto.sha1", "[\"abc\"]", "\"a9993e364706816aba3e25717850c26c9cd0d89d\""},
    {"crypto.sha256", "[\"abc\"]", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""},
    {"crypto.sha256", "[1]", "!operand 1 must be string but got number"},
    {"quis.crypto.sha384", "[\"abc\"]",
     "\"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7\""},
    {"quis.crypto.sha512", "[\"abc\"]",
     "\"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa"
     "54ca49f\""},
};

Test(hash, digests_are_of_the_utf8_bytes)
{
    call_check_all(digests, COUNT_OF(digests), &host);
}

static const struct call_row chained[] = {
    {"quis.crypto.sha256_bytes_hex", "[\"616263\"]", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""},
    {"quis.crypto.sha256_bytes_hex", "[\"" ZEROS64 "\"]", "\"66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925\""},
    {"quis.crypto.sha384_bytes_hex", "[\"616263\"]",
     "\"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7\""},
    {"quis.crypto.sha384_bytes_hex", "[\"6A\"]", "*"},
    {"quis.crypto.sha384_bytes_hex", "[\"6\"]", "!hexadecimal text of odd length"},
    {"quis.crypto.sha384_bytes_hex", "[\"616g\"]", "!no hexadecimal digit at byte 3"},
};

Test(hash, digests_of_bytes_take_hexadecimal)
{
    call_check_all(chained, COUNT_OF(chained), &host);
}

static const struct call_row macs[] = {
    {"crypto.hmac.md5", "[\"what do ya want for nothing?\", \"Jefe\"]", "\"750c783e6ab0b503eaa86e310a5db738\""},
    {"crypto.hmac.sha1", "[\"what do ya want for nothing?\", \"Jefe\"]", "\"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79\""},
    {"crypto.hmac.sha256", "[\"what do ya want for nothing?\", \"Jefe\"]",
     "\"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843\""},
    {"crypto.hmac.sha512", "[\"what do ya want for nothing?\", \"Jefe\"]",
     "\"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a3"
     "8bce737\""},
    {"crypto.hmac.md5", "[\"\", \"\"]", "\"74e6f7298a9c2d168935f58c001bad88\""},
    {"crypto.hmac.equal", "[\"a\", \"a\"]", "true"},
    {"crypto.hmac.equal", "[\"a\", \"b\"]", "false"},
    {"crypto.hmac.equal", "[\"\", \"\"]", "true"},
    {"crypto.hmac.equal", "[\"a\", \"ab\"]", "false"},
    {"crypto.hmac.equal", "[\"a\", 1]", "!operand 2 must be string but got number"},
};

Test(hash, macs_are_those_of_rfc_2104)
{
    call_check_all(macs, COUNT_OF(macs), &host);
}
