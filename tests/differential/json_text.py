#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares reading and writing of JSON with OPA's: random documents, whole and damaged, and what is written of random values.

usage: json_text.py CALL [COUNT [SEED]]

As for numbers.py. Of errors only that there is one is compared. OPA lets a null follow a document and json.is_valid takes
numbers that are out of range; neither is compared.
"""
import json
import os
import random
import re
import shutil
import subprocess
import sys

SKIP = 77
STRINGS = ["", "a", "key", "<b>&", "\u2028", "\u2029x", "\"q\\", "\n\t\r\b\f\x01\x1f\x7f", "\u00e9\u4e2d", "\U0001f600", "0", "1",
           "null", "a long string that does not fit sixteen bytes", "\ufffd", "\u0000"]
NUMBERS = ["0", "-0", "1", "12", "-7", "1.0", "1e3", "1E+2", "0.5", "1e-7", "123456789012345678901", "9223372036854775807",
           "9223372036854775808", "-9223372036854775808", "100000000000000000000.000", "1.50"]
PIECES = ["", " ", ",", ":", "[", "]", "{", "}", "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\u12", "\\/", "\\x", "01", "-", "+1", "1.",
          ".5", "1e", "tru", "true", "nul", "\n", "\t", "\u00a0", "\x01", "//", "1e400", "'"]


class Number(str):
    """A number as it is written."""


def value(r, depth=0):
    kind = r.random()
    if depth > 3 or kind < 0.5:
        return r.choice([None, True, False, Number(r.choice(NUMBERS)), Number(r.choice(NUMBERS)), r.choice(STRINGS),
                         r.choice(STRINGS) + r.choice(STRINGS)])
    n = r.choice([0, 1, 2, 3, 9, 20]) if depth < 2 else r.randrange(3)
    if kind < 0.75:
        return [value(r, depth + 1) for _ in range(n)]
    return {r.choice(STRINGS) + str(r.randrange(30)): value(r, depth + 1) for _ in range(n)}


def blank(r):
    return r.choice(["", "", "", " ", "\n", "\t  ", "\r\n" + " " * 20])


def write(r, x):
    """JSON text with blanks and escapes at random."""
    if isinstance(x, Number):
        return str(x)
    if isinstance(x, list):
        return "[" + ",".join(blank(r) + write(r, e) + blank(r) for e in x) + "]"
    if isinstance(x, dict):
        pairs = list(x.items())
        if pairs and r.random() < 0.3:
            pairs.append((pairs[0][0], 1))
        return "{" + ",".join(blank(r) + write(r, k) + blank(r) + ":" + write(r, v) for k, v in pairs) + "}"
    return json.dumps(x, ensure_ascii=r.random() < 0.5)


def damage(r, text):
    for _ in range(r.choice([1, 1, 2])):
        at = r.randrange(len(text) + 1)
        cut = r.choice([0, 0, 1, 1, 2])
        text = text[:at] + r.choice(PIECES) + text[at + cut:]
    return text


def plain(x):
    """Rego's text of a value."""
    if isinstance(x, Number):
        return str(x)
    if isinstance(x, list):
        return "[" + ", ".join(map(plain, x)) + "]"
    if isinstance(x, dict):
        return "{" + ", ".join(json.dumps(k) + ": " + plain(v) for k, v in x.items()) + "}"
    return json.dumps(x)


def case(r):
    kind = r.random()
    if kind < 0.15:
        return "json.marshal", [value(r)]
    if kind < 0.25:
        return "json.marshal_with_options", [value(r), {"prefix": r.choice(["", ">"]), "indent": r.choice(["", " ", "\t"])}]
    text = blank(r) + write(r, value(r)) + blank(r)
    if kind < 0.75:
        text = damage(r, text)
    return ("json.unmarshal" if r.random() < 0.9 else "json.is_valid"), [text]



def run(command, lines):
    out = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return [json.loads(line, parse_int=Number, parse_float=Number) for line in out.stdout.split("\n") if line]


def outcome(answer):
    if "result" in answer:
        return {"value": answer["result"][0]["bindings"]["x"]}
    return answer if "value" in answer else "no value"


def is_left_out(fn, args):
    """What OPA takes that we do not: null after the document, and numbers out of range that it never converts."""
    if fn not in ("json.unmarshal", "json.is_valid"):
        return False
    text = args[0].lstrip(" \t\r\n")
    try:
        _, end = json.JSONDecoder(strict=False).raw_decode(text)
    except ValueError:
        return False
    return text[end:].lstrip(" \t\r\n").startswith("null") or re.search(r"\d[eE][-+]?\d{5}", text) is not None


def main():
    call, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    oracle = os.environ.get("QUIS_OPA_ORACLE") or shutil.which("opa-oracle")
    if not oracle:
        print("SKIPPED: no OPA oracle (set QUIS_OPA_ORACLE)")
        return SKIP
    r = random.Random(seed)
    cases = [case(r) for _ in range(count)]
    ours = run([call], ['{"fn": "%s", "args": %s}' % (fn, plain(args)) for fn, args in cases])
    theirs = run([oracle], [json.dumps({"id": i, "modules": {}, "strict_errors": True,
                                        "query": "x = %s(%s)" % (fn, ", ".join(map(plain, args)))})
                            for i, (fn, args) in enumerate(cases)])
    failed = 0
    for c, got, want in zip(cases, map(outcome, ours), map(outcome, theirs)):
        if got != want and not is_left_out(*c):
            failed += 1
            if failed <= 20:
                print(f"{c[0]} {plain(c[1])}\n   want {want}\n   got  {got}")
    print(f"{count - failed} of {count} agree (seed {seed})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
