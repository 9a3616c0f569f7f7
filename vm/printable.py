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


def main():
    codes, runs = sorted(printable(sys.argv[1])), []
    for c in codes:
        if runs and c == runs[-1][1] + 1:
            runs[-1][1] = c
        else:
            runs.append([c, c])
    print("/* PRINTABLE(first, last): code points that quoting shows as they are (Unicode 15.0.0). Written by")
    print(" * vm/printable.py: do not edit. */\n")
    for i in range(0, len(runs), 4):
        print(" ".join(f"PRINTABLE(0x{a:04X}, 0x{b:04X})" for a, b in runs[i:i + 4]))


if __name__ == "__main__":
    main()
