#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compile.py CHECK_DUMP ORACLE [--seed N] [--count N] [--show N] [--no-types]: our compiler against OPA's.

Takes the modules of the conformance suite and of the policy vectors (QUIS_SHARED, or ../shared next to the checkout), as they
are and mutated: a variable renamed, an expression dropped, moved or doubled, operands swapped, a rule doubled, imports
removed, a rule called from itself. ORACLE is a command that answers lines of {"id", "modules", "rego"} with {"compiled": true}
or {"error": {"code", "message", "file", "row", "col", "more"}}; CHECK_DUMP is the program of tests/tools. Both must accept
the same modules and report the same first error; --types counts differences that only the type checker explains, too.
"""
import argparse
import glob
import json
import os
import random
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def shared():
    return os.environ.get("QUIS_SHARED") or os.path.join(HERE, "..", "..", "..", "shared")


def modules():
    """(id, rego version, {name: text}) of all that is there."""
    root = shared()
    for version in ("v0", "v1"):
        for path in sorted(glob.glob(os.path.join(root, "conformance/opa", version, "*.json"))):
            with open(path, encoding="utf-8") as f:
                data = json.load(f)
            for i, case in enumerate(data["cases"] if isinstance(data, dict) else data):
                texts = case.get("modules") or []
                if texts:
                    yield ("%s/%s#%d" % (version, os.path.basename(path), i), version,
                           {"m%d.rego" % k: t for k, t in enumerate(texts)})
    for path in sorted(glob.glob(os.path.join(root, "vectors/**/*.rego"), recursive=True)):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        for version in ("v0", "v1"):
            yield "%s:%s" % (version, os.path.relpath(path, root)), version, {os.path.basename(path): text}


NAME = re.compile(r"(?<![\w.\"])[a-z_][a-zA-Z0-9_]*(?![\w(\"])")
KEYWORDS = set("package import as default else not some with null true false if in every contains and or".split())


def names(text):
    return sorted(set(NAME.findall(text)) - KEYWORDS)


def rename_one(rng, text):
    """One occurrence of a name becomes another name."""
    found = [m for m in NAME.finditer(text) if m.group(0) not in KEYWORDS]
    if not found:
        return text
    m = rng.choice(found)
    return text[:m.start()] + rng.choice(names(text) + ["fresh", "input", "count"]) + text[m.end():]


def rename_all(rng, text):
    found = names(text)
    if not found:
        return text
    old, new = rng.choice(found), rng.choice(found + ["fresh", "sum", "data"])
    return re.sub(r"(?<![\w.\"])%s(?![\w\"])" % re.escape(old), new, text)


def body_lines(lines):
    return [i for i, line in enumerate(lines) if line.startswith(("\t", " ")) and line.strip() not in ("", "}", "{")]


def drop_line(rng, text):
    lines = text.split("\n")
    found = body_lines(lines)
    if found:
        del lines[rng.choice(found)]
    return "\n".join(lines)


def swap_lines(rng, text):
    lines = text.split("\n")
    found = body_lines(lines)
    if len(found) > 1:
        k = rng.randrange(len(found) - 1)
        a, b = found[k], found[k + 1]
        lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def double_line(rng, text):
    lines = text.split("\n")
    found = body_lines(lines)
    if found:
        at = rng.choice(found)
        lines.insert(rng.choice(found), lines[at])
    return "\n".join(lines)


def swap_operands(rng, text):
    found = list(re.finditer(r"\(([^(),]+), ([^(),]+)\)", text))
    if not found:
        return text
    m = rng.choice(found)
    return text[:m.start()] + "(%s, %s)" % (m.group(2), m.group(1)) + text[m.end():]


def change_operands(rng, text):
    found = list(re.finditer(r"\(([^(),]+)(, [^(),]+)?\)", text))
    if not found:
        return text
    m = rng.choice(found)
    new = "(%s)" % m.group(1) if m.group(2) and rng.random() < 0.5 else "(%s, %s, 7)" % (m.group(1), m.group(1))
    return text[:m.start()] + new + text[m.end():]


def double_rule(rng, text):
    blocks = text.split("\n\n")
    blocks.insert(rng.randrange(1, len(blocks) + 1), rng.choice(blocks[1:] or blocks))
    return "\n\n".join(blocks)


def drop_import(rng, text):
    lines = text.split("\n")
    found = [i for i, line in enumerate(lines) if line.startswith("import ")]
    if found:
        del lines[rng.choice(found)]
    return "\n".join(lines)


def operator(rng, text):
    pairs = [(":=", "="), ("=", ":="), ("==", "="), ("==", ":="), (" in ", " == "), ("not ", ""), ("some ", "not "),
             (" = ", " == "), ("\t", "\tnot "), ("    ", "    not ")]
    old, new = rng.choice(pairs)
    found = [m.start() for m in re.finditer(re.escape(old), text)]
    if not found:
        return text
    at = rng.choice(found)
    return text[:at] + new + text[at + len(old):]


def recurse(rng, text):
    """A rule's name in the body of another."""
    rules = re.findall(r"^([a-z]\w*)", text, re.M)
    lines = text.split("\n")
    found = body_lines(lines)
    if not rules or not found:
        return text
    lines.insert(rng.choice(found), "\t" + rng.choice(rules + ["data[x]", "data.%s[y]" % rng.choice(rules)]))
    return "\n".join(lines)


def wrap(rng, text):
    """A name inside a comprehension, an every, a template, a with."""
    found = [m for m in NAME.finditer(text) if m.group(0) not in KEYWORDS]
    if not found:
        return text
    m = rng.choice(found)
    name = m.group(0)
    new = rng.choice(["[q | q := %s]", "{q | q = %s[_]}", "count([%s])", "{\"k\": %s}", "[%s, x]", "$\"a {%s} b\"", "[%s][i]",
                      "%s with input as x", "%s[%s]" % (name, "%s"), "%s.foo"]) % name
    return text[:m.start()] + new + text[m.end():]


MUTATIONS = [rename_one, rename_one, rename_all, drop_line, drop_line, swap_lines, double_line, swap_operands, change_operands,
             double_rule, drop_import, operator, operator, recurse, wrap, wrap]


def cases(options):
    rng = random.Random(options.seed)
    all_modules = list(modules())
    for name, version, texts in all_modules:
        yield {"id": name, "rego": version, "modules": texts}
    small = [m for m in all_modules if sum(map(len, m[2].values())) < 20000]
    for i in range(options.count):
        name, version, texts = rng.choice(small)
        texts = dict(texts)
        done = []
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            mutate, which = rng.choice(MUTATIONS), rng.choice(sorted(texts))
            texts[which] = mutate(rng, texts[which])
            done.append(mutate.__name__)
        yield {"id": "%s %d %s" % (name, i, "+".join(done)), "rego": version, "modules": texts, "strict": rng.random() < options.strict,
               "prints": rng.random() < 0.3}


def run(command, lines):
    return [json.loads(line) for line in
            subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True).stdout.splitlines()]


def key(error):
    """Where several ways lead back to a rule, OPA shows any."""
    message = error["message"]
    if error["code"] == "rego_recursion_error":
        message = message.split(":")[0]
    return (error["code"], message, error.get("row", 0), error.get("col", 0))


def is_noise(ours, theirs):
    """Differences that are not the compiler's: parse errors (tests of the parser), types."""
    code = (theirs or {}).get("code", "")
    return code in ("rego_parse_error", "timeout", "panic", "oracle_memory", "oracle_crash") or \
        (ours or {}).get("code") == "rego_parse_error"


def is_of_types(error):
    message = (error or {}).get("message", "")
    return error is not None and error["code"] == "rego_type_error" and not re.search(
        "undefined function|has arity|conflicting rules|conflicts with|multiple default|used as value|deprecated|unsafe built-in",
        message) and "arity mismatch" not in message


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("check_dump")
    parser.add_argument("oracle")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--strict", type=float, default=0.0, help="share of cases in strict mode (the oracle must know it)")
    parser.add_argument("--types", action="store_true", help="count differences that only the type checker explains")
    options = parser.parse_args()
    asked = list(cases(options))
    lines = [json.dumps(c) for c in asked]
    ours, theirs = run([options.check_dump], lines), run(options.oracle.split(), lines)
    good = noise = types = 0
    bad = []
    for case, a, b in zip(asked, ours, theirs):
        x, y = a.get("error"), b.get("error")
        if (x is None) == (y is None) and (x is None or key(x) == key(y)):
            good += 1
        elif is_noise(x, y):
            noise += 1
        elif not options.types and (is_of_types(y) or is_of_types(x)):
            types += 1
        else:
            bad.append((case, x, y))
    for case, x, y in bad[:options.show]:
        print("--", case["id"], case["rego"])
        print("   ours  ", json.dumps(x)[:400])
        print("   theirs", json.dumps(y)[:400])
    print("%d cases: %d alike, %d not; %d parse errors, %d types left out" % (len(asked), good, len(bad), noise, types))
    if bad and os.environ.get("QUIS_KEEP"):
        with open(os.environ["QUIS_KEEP"], "w", encoding="utf-8") as f:
            for case, x, y in bad:
                f.write(json.dumps({"case": case, "ours": x, "theirs": y}) + "\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
