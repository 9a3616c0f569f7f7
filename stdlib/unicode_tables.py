#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes stdlib/unicode_tables.def from the Unicode character database.

usage: unicode_tables.py DIRECTORY > unicode_tables.def

DIRECTORY holds UnicodeData.txt, CaseFolding.txt, Scripts.txt and PropertyValueAliases.txt of one edition (Debian's package
unicode-data; 15.0.0 is the edition OPA's tables are of). The output is committed: the build does not need the database.
"""
import os
import sys

LIMIT = 0x110000


def rows(directory, name):
    with open(os.path.join(directory, name), encoding="utf-8") as f:
        for line in f:
            line = line.split("#")[0].strip()
            if line:
                yield [field.strip() for field in line.split(";")]


def span(text):
    first, _, last = text.partition("..")
    return int(first, 16), int(last or first, 16)


def read_data(directory):
    category, upper, lower = ["Cn"] * LIMIT, {}, {}
    start = None
    for row in rows(directory, "UnicodeData.txt"):
        code = int(row[0], 16)
        if row[1].endswith(", First>"):
            start = code
            continue
        for c in range(start if start is not None else code, code + 1):
            category[c] = row[2]
        start = None
        if row[12]:
            upper[code] = int(row[12], 16)
        if row[13]:
            lower[code] = int(row[13], 16)
    return category, upper, lower


def read_orbits(directory, upper, lower):
    """Classes of simple folding that upper and lower case alone do not step through, as pairs (from, next)."""
    fold = {}
    for row in rows(directory, "CaseFolding.txt"):
        if row[1] in "CS":
            fold[int(row[0], 16)] = int(row[2], 16)
    classes = {}
    for code, to in fold.items():
        classes.setdefault(to, {to}).add(code)
    pairs = []
    for members in classes.values():
        ring = sorted(members)
        simple = len(ring) == 2 and all(step(c, upper, lower) == ring[1 - i] for i, c in enumerate(ring))
        if not simple:
            pairs += [(c, ring[(i + 1) % len(ring)]) for i, c in enumerate(ring)]
    covered = set(fold) | set(fold.values())
    for code in sorted(set(upper) | set(lower)):
        if code not in covered:
            pairs.append((code, code))
    return sorted(pairs)


def step(code, upper, lower):
    to = lower.get(code, code)
    return to if to != code else upper.get(code, code)


def case_ranges(mapping):
    """(first, last, stride, difference) over runs of equal difference."""
    out = []
    for code in sorted(mapping):
        delta = mapping[code] - code
        if out:
            first, last, stride, d = out[-1]
            gap = code - last
            if d == delta and gap in (1, 2) and (stride == gap or first == last):
                out[-1] = (first, code, gap, d)
                continue
        out.append((code, code, 1, delta))
    return out


def runs(values):
    out = []
    for code in range(LIMIT):
        if not out or out[-1][1] != values[code]:
            out.append((code, values[code]))
    return out


def packed(runs):
    """Bytes of runs of categories, and where to begin to read them: (first code point, offset) of each 64th run.

    A run is its length and its category in one byte, or the category and then the length, seven bits a byte, low ones first.
    """
    out, starts = [], []
    ends = [first for first, _ in runs[1:]] + [LIMIT]
    for i, ((first, value), end) in enumerate(zip(runs, ends)):
        if i % 64 == 0:
            starts.append((first, len(out)))
        length = end - first
        if length < 8:
            out.append(length << 5 | value)
            continue
        out.append(value)
        while length > 127:
            out.append(length & 127 | 128)
            length >>= 7
        out.append(length)
    return out, starts


def table(kind, name, items, per_line):
    print(f"\nstatic const {kind} {name}[] = {{")
    for i in range(0, len(items), per_line):
        print("    " + " ".join(item + "," for item in items[i:i + per_line]))
    print("};")


def main():
    directory = sys.argv[1]
    category, upper, lower = read_data(directory)
    aliases = [r for r in rows(directory, "PropertyValueAliases.txt") if r[0] == "gc"]
    two = sorted(set(category))
    scripts = ["Zzzz"] * LIMIT
    for row in rows(directory, "Scripts.txt"):
        first, last = span(row[0])
        scripts[first:last + 1] = [row[1]] * (last + 1 - first)
    # Go's regular expressions look names up in the form Xxxx, so that a script of two words has no name there.
    named = sorted({s for s in scripts if s == s.capitalize() and "_" not in s and s != "Zzzz"})
    indexes = {s: i + 1 for i, s in enumerate(named)}

    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Written by stdlib/unicode_tables.py from the Unicode character database: do not edit. */")
    print("\n/* General categories in the order of their numbers. */")
    print("#define UNICODE_CATEGORIES(X) " + " ".join(f"X({c})" for c in two))
    lengths, starts = packed([(c, two.index(v)) for c, v in runs(category)])
    table("uint8_t", "category_runs", [str(b) for b in lengths], 25)
    table("struct run_start", "category_starts", ["{0x%X, %d}" % s for s in starts], 8)
    table("uint32_t", "script_runs", [f"0x{c << 8 | v:X}" for c, v in runs([indexes.get(s, 0) for s in scripts])], 14)
    table("char *const", "script_names", [f'"{s}"' for s in named], 10)
    table("struct case_range", "upper_ranges", ["{0x%X, 0x%X, %d, %d}" % r for r in case_ranges(upper)], 6)
    table("struct case_range", "lower_ranges", ["{0x%X, 0x%X, %d, %d}" % r for r in case_ranges(lower)], 6)
    table("struct fold_step", "fold_steps", ["{0x%X, 0x%X}" % p for p in read_orbits(directory, upper, lower)], 8)
    names = []
    for row in aliases:
        short = "LC" if row[1] == "LC" else row[1]
        names += [(alias, short) for alias in row[2:]]
    table("struct category_alias", "category_aliases", ['{"%s", "%s"}' % n for n in sorted(names)], 5)


if __name__ == "__main__":
    main()
