#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares arithmetic with OPA's on random numbers, text for text.

usage: numbers.py CALL [COUNT [SEED]]

CALL is the program built from call.c. The oracle (JSON lines in, JSON lines out) is $QUIS_OPA_ORACLE or opa-oracle on the
PATH; without it the test is skipped, which it says.
"""
import json
import os
import random
import shutil
import subprocess
import sys

BINARY = ["plus", "minus", "mul", "div", "rem", "lt", "equal", "bits.and", "bits.or", "bits.xor"]
UNARY = ["abs", "ceil", "floor", "round", "bits.negate", "to_number"]
LISTS = ["sort", "set_of", "sum", "product", "max", "min"]
SKIP = 77


class Number(str):
    """A number as it is written."""


def digits(r, n):
    return "".join(r.choice("0123456789") for _ in range(n))


def integer(r):
    n = r.choice([1, 1, 2, 3, 5, 9, 10, 15, 16, 17, 18, 19, 20, 21, 25, 39, 60])
    return str(int(digits(r, n)))


def near_power(r):
    power = r.choice([7, 8, 31, 32, 52, 53, 54, 62, 63, 64, 65, 96, 127, 128])
    return str(2 ** power + r.randrange(-2, 3))


def fraction(r):
    whole = r.choice(["0", "0", integer(r), str(r.randrange(0, 1000))])
    n = r.choice([1, 1, 2, 2, 3, 5, 9, 15, 17, 20, 25])
    tail = r.choice(["", "", "0", "00", "5", "50"])
    return whole + "." + digits(r, n) + tail


def number(r):
    text = r.choice([integer, near_power, fraction, fraction])(r)
    if r.random() < 0.2:
        size = r.choice([2, 5, 10, 22, 30, 60, 200, 320, 1000])
        text += r.choice("eE") + r.choice(["", "+", "-"]) + str(r.randrange(0, size))
    if r.random() < 0.05:
        text = r.choice(["0", "0.0", "0e5", "0.5", "1.0", "1e0", "1.5", "2.5"])
    return Number(("-" if r.random() < 0.3 else "") + text)


def close_to(r, x):
    """Another spelling of x, or a neighbour."""
    if "e" in x or "E" in x:
        return Number(x)
    tail = r.choice(["", "0", "00", "1", "e0"])
    return Number(x + ("" if "." in x or tail in ("", "e0") else ".") + tail)


def case(r):
    kind = r.random()
    if kind < 0.62:
        x, y = number(r), number(r)
        if r.random() < 0.15:
            y = close_to(r, x)
        return r.choice(BINARY), [x, y]
    if kind < 0.66:
        return r.choice(["bits.lsh", "bits.rsh"]), [number(r), Number(str(r.randrange(-2, 200)))]
    if kind < 0.70:
        return "format_int", [number(r), Number(r.choice(["2", "8", "10", "16"]))]
    if kind < 0.76:
        return "units.parse", [number(r) + r.choice(["", "m", "k", "Ki", "M", "Mi", "E", "g", "x"])]
    if kind < 0.80:
        return "units.parse_bytes", [number(r) + r.choice(["", "m", "KB", "KiB", "MB", "gi", "E", "x"])]
    if kind < 0.90:
        op, x = r.choice(UNARY), number(r)
        return op, [str(x) if op == "to_number" else x]
    items = [number(r) for _ in range(r.choice([0, 1, 2, 3, 5, 12, 30]))]
    items += [close_to(r, x) for x in items if r.random() < 0.3]
    r.shuffle(items)
    return r.choice(LISTS), [items]


def write(x):
    if isinstance(x, Number):
        return str(x)
    if isinstance(x, list):
        return "[" + ", ".join(write(e) for e in x) + "]"
    return json.dumps(x)


def query(fn, args):
    if fn == "set_of":
        return f"x = {{e | e = {write(args[0])}[_]}}"
    return f"x = {fn}({', '.join(write(a) for a in args)})"


def read(line):
    return json.loads(line, parse_int=Number, parse_float=Number)


def run(command, lines):
    out = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return [read(line) for line in out.stdout.splitlines()]


def expected(answer):
    if "undefined" in answer:
        return {"undefined": True}
    if "error" in answer:
        return {"error": answer["error"]["message"]}
    return {"value": answer["result"][0]["bindings"]["x"]}


def exact(text):
    """What a number is, whatever its spelling: sign, digits, exponent of the last."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, tail = mantissa.lstrip("-").partition(".")
    digits, scale = (whole + tail).lstrip("0"), int(exponent or 0) - len(tail)
    short = digits.rstrip("0")
    return (mantissa[0] == "-", short, scale + len(digits) - len(short)) if short else (False, "", 0)


def agree(fn, got, want):
    """OPA's sort of long lists is not stable: which of 1 and 1.0 comes first there is not compared."""
    if got == want or fn != "sort" or "value" not in got or "value" not in want:
        return got == want
    got, want = got["value"], want["value"]
    return len(got) > 12 and sorted(got) == sorted(want) and list(map(exact, got)) == list(map(exact, want))


def main():
    call, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    oracle = os.environ.get("QUIS_OPA_ORACLE") or shutil.which("opa-oracle")
    if not oracle:
        print("SKIPPED: no OPA oracle (set QUIS_OPA_ORACLE)")
        return SKIP
    r = random.Random(seed)
    cases = [case(r) for _ in range(count)]
    ours = run([call], ['{"fn": %s, "args": %s}' % (json.dumps(fn), write(args)) for fn, args in cases])
    theirs = run([oracle], [json.dumps({"id": i, "modules": {}, "query": query(*c), "strict_errors": True})
                            for i, c in enumerate(cases)])
    failed = 0
    for c, got, answer in zip(cases, ours, theirs):
        want = expected(answer)
        if not agree(c[0], got, want):
            failed += 1
            if failed <= 20:
                print(f"{query(*c)}\n   want {want}\n   got  {got}")
    print(f"{count - failed} of {count} agree (seed {seed})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
