#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares trees and first errors with `opa parse`: the modules of the shared conformance data and vectors, and damaged ones.

usage: parse.py PARSE_DUMP [COUNT [SEED]]

PARSE_DUMP is tests/tools/parse_dump.c; COUNT modules are damaged (tokens deleted, inserted, swapped, the rest cut off). Modules
come from QUIS_SHARED or ../shared. With QUIS_OPA_PARSE set to a program that answers lines of {"Text", "File", "V0"} as
`parse_dump --serve --locations` does (with "Errors" of {"Message", "Row", "Col"}), that is asked instead of `opa`, which takes
a process per module; then locations are compared, too. Without either the test is skipped.
"""
import concurrent.futures
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

SKIP = 77
TOKEN = re.compile(r'#[^\n]*|"(?:[^"\\\n]|\\.)*"|`[^`]*`|\w+|:=|==|!=|<=|>=|\s+|.', re.S)
EXTRA = ["{", "}", "(", ")", "[", "]", "|", "&", ",", ":", ";", ".", "-", "+", "=", ":=", "if", "else", "contains", "in", "every",
         "some", "not", "with", "as", "default", "import", "package", "and", "or", "null", "true", '$"', '"', "`", "\n", " ", "1", "01",
         "1e5", "x", "_", "input", "data", "set()", "{}", "[]", '$"{x}"', "@", "!", "\t", "#c\n", "{x | y}", "rego.v1", "\u00e9",
         "import future.keywords.and\nimport future.keywords.or\nimport future.keywords.not\n"]


def strings(x):
    if isinstance(x, str):
        yield x
    elif isinstance(x, (list, dict)):
        for y in x.values() if isinstance(x, dict) else x:
            yield from strings(y)


def corpus(shared):
    """Texts with whether they are v0."""
    found = {}
    opa = os.path.join(shared, "conformance", "opa")
    for version in ("v0", "v1"):
        for name in sorted(glob.glob(os.path.join(opa, version, "*.json"))):
            for case in json.load(open(name)).get("cases", []):
                for text in case.get("modules") or []:
                    if isinstance(text, str):
                        found[text, version == "v0"] = True
    for name in sorted(glob.glob(os.path.join(opa, "compile", "*.json"))):
        for text in strings(json.load(open(name))):
            if "package" in text:
                found[text, "v0" in os.path.basename(name)] = True
    for name in sorted(glob.glob(os.path.join(opa, "fmt", "*", "*"))) + sorted(
            glob.glob(os.path.join(shared, "vectors", "**", "*.rego"), recursive=True)):
        text = open(name, encoding="utf-8", errors="replace").read()
        found[text, False] = found[text, True] = True
    return list(found)


def damage(r, text, pool):
    blocks = re.split(r"\n\n+", text)
    if len(blocks) > 3:
        text = "\n\n".join([blocks[0]] + r.sample(blocks[1:], 2))
    tokens = TOKEN.findall(text)
    for _ in range(r.choice([1, 1, 1, 2, 3])):
        if not tokens:
            break
        i, j = r.randrange(len(tokens)), r.randrange(len(tokens))
        kind = r.randrange(7)
        if kind == 0:
            del tokens[i]
        elif kind == 1:
            tokens.insert(i, r.choice(EXTRA if r.random() < 0.5 else pool))
        elif kind == 2:
            tokens[i] = r.choice(EXTRA if r.random() < 0.5 else pool)
        elif kind == 3:
            tokens[i], tokens[j] = tokens[j], tokens[i]
        elif kind == 4:
            del tokens[i:]
        elif kind == 5:
            del tokens[i:i + r.randrange(1, 12)]
        else:
            tokens.insert(i, tokens[j])
    return "".join(tokens)


def serve(command, requests):
    lines = "".join(json.dumps(q) + "\n" for q in requests)
    p = subprocess.run(command, input=lines, capture_output=True, text=True)
    answers = p.stdout.split("\n")[:-1]
    if len(answers) != len(requests):
        sys.exit("%s answered %d of %d: %s" % (command[0], len(answers), len(requests), p.stderr[-500:]))
    return [json.loads(line) for line in answers]


def ask_opa(request):
    with tempfile.NamedTemporaryFile("w", suffix=".rego", encoding="utf-8", newline="") as f:
        f.write(request["Text"])
        f.flush()
        flags = ["--v0-compatible"] if request["V0"] else []
        p = subprocess.run(["opa", "parse", "-f", "json", "--json-include", "comments"] + flags + [f.name], capture_output=True, text=True)
        answer = json.loads((p.stdout or p.stderr or "{}").replace(json.dumps(f.name)[1:-1], request["File"]))
    if "errors" not in answer:
        return {"module": answer} if answer else {"other": "no answer"}
    places = [(e, e.get("location") or {"row": 0, "col": 0}) for e in answer["errors"]]
    return {"errors": [{"Message": e.get("message", ""), "Row": l["row"], "Col": l["col"]} for e, l in places]}


def opa_answers(requests):
    program = os.environ.get("QUIS_OPA_PARSE")
    if program:
        return serve([program, "locations"], requests)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(ask_opa, requests))


def compare(want, got):
    """What differs; None: nothing, or not to be compared."""
    if want.get("other"):
        return None
    if "module" in want and "module" in got:
        return None if want["module"] == got["module"] else "trees differ"
    if "module" in want:
        return "we refuse: " + got["errors"][0]["text"]
    first = want["errors"][0]
    if "yaml:" in first["Message"]:
        return None  # the texts of YAML readers
    if "module" in got:
        return "OPA refuses: " + first["Message"]
    ours = got["errors"][0]
    if (first["Message"], first["Row"], first["Col"]) == (ours["message"], ours["row"], ours["col"]):
        return None
    return "want %d:%d %s\ngot %d:%d %s" % (first["Row"], first["Col"], first["Message"], ours["row"], ours["col"], ours["message"])


def check(title, command, requests):
    wanted, ours = opa_answers(requests), serve(command, requests)
    bad = [(q, d) for q, d in ((q, compare(w, g)) for q, w, g in zip(requests, wanted, ours)) if d is not None]
    errors = sum("errors" in w for w in wanted)
    print("%s: %d modules, %d with errors, %d differ" % (title, len(requests), errors, len(bad)))
    for q, difference in bad[:5]:
        print("--- v0" if q["V0"] else "--- v1", difference, q["Text"][:2000], sep="\n")
    return len(bad)


def main():
    program, count, seed = sys.argv[1], int((sys.argv + ["", "200"])[2] or 200), int((sys.argv + ["", "", "1"])[3] or 1)
    shared = os.environ.get("QUIS_SHARED") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared")
    if not os.path.isdir(shared) or not (os.environ.get("QUIS_OPA_PARSE") or shutil.which("opa")):
        print("SKIPPED: no shared data or no opa")
        return SKIP
    has_places = bool(os.environ.get("QUIS_OPA_PARSE"))
    command = [program] + (["--locations"] if has_places else []) + ["--serve"]
    texts = corpus(shared)
    r = random.Random(seed)
    if not has_places:
        texts = r.sample(texts, min(len(texts), count))
    requests = [{"Text": t, "V0": v0, "File": "x.rego"} for t, v0 in texts]
    bad = check("whole", command, requests)
    pool = [t for q in requests[::9] for t in TOKEN.findall(q["Text"]) if not t.isspace()]
    short = [q for q in requests if len(q["Text"]) < 6000]
    damaged = [dict(r.choice(short)) for _ in range(count)]
    for q in damaged:
        q["Text"] = damage(r, q["Text"], pool)
    bad_damaged = check("damaged", command, damaged)
    # Errors that OPA only finds in a second stage may come in another order where the first one lets more pass than we do.
    return 1 if bad or bad_damaged * 200 > count else 0


if __name__ == "__main__":
    sys.exit(main())
