#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes vm/printable.def from the Unicode character database.

usage: printable.py UnicodeData.txt > printable.def

The file of Debian's package unicode-data, edition 15.0.0. The output is committed: the build does not need the database.
"""
import sys

HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zs", "Zl", "Zp"}


def printable(path):
    shown, start = set(), None
    with open(path, encoding="utf-8") as f:
        for line in f:
            row = line.split(";")
            code = int(row[0], 16)
            if row[1].endswith(", First>"):
                start = code
                continue
            if row[2] not in HIDDEN:
                shown.update(range(start if start is not None else code, code + 1))
            start = None
    return shown | {0x20}


def lengths(codes):
    """Of the runs that are hidden and shown by turns."""
    end, run = 0, 0
    for c in codes:
        if c != end + run:
            if run:
                yield run
            yield c - end - run
            end, run = c, 0
        run += 1
    yield run


def packed(number):
    while number > 127:
        yield number & 127 | 128
        number >>= 7
    yield number


def main():
    out, starts, first = [], [], 0
    for i, n in enumerate(lengths(sorted(printable(sys.argv[1])))):
        if i % 64 == 0:
            starts.append(f"{{0x{first:X}, {len(out)}}},")
        out += packed(n)
        first += n
    print("/* Code points that quoting shows as they are (Unicode 15.0.0). Written by vm/printable.py: do not edit. */\n")
    print("/* Lengths of runs that are hidden and shown by turns from U+0000 on, seven bits a byte, low ones first. */")
    print("static const uint8_t printable_runs[] = {")
    for i in range(0, len(out), 25):
        print("    " + " ".join(f"{b}," for b in out[i:i + 25]))
    print("};\n\n/* First code point and place of each 64th run. */")
    print("static const struct printable_start printable_starts[] = {")
    for i in range(0, len(starts), 8):
        print("    " + " ".join(starts[i:i + 8]))
    print("};")


if __name__ == "__main__":
    main()
