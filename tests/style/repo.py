# SPDX-License-Identifier: Apache-2.0
"""What the style checks share: the files of the checkout, and how a check ends."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = ("base", "vm", "stdlib", "lang", "api", "include", "tee", "kbs", "agent", "cli", "tests")


def files(*endings, folders=FOLDERS):
    """Paths from the root of our files with one of these endings, in order."""
    found = []
    for folder in folders:
        for where, _, names in os.walk(os.path.join(ROOT, folder)):
            found += [os.path.relpath(os.path.join(where, n), ROOT) for n in names if n.endswith(endings)]
    return sorted(found)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="surrogateescape") as f:
        return f.read()


def finish(checked, problems):
    """Prints the problems and how much was looked at, and exits. A check counts as one test."""
    for p in problems:
        print(p)
    print("%d looked at, %d problems" % (checked, len(problems)))
    sys.exit(1 if problems else 0)
