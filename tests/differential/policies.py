#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random policies, decided by us and by OPA.

usage: policies.py RUN_CASES [--count N] [--seed N] [--only I] [--show N] [--eager] [--jobs N] [--batch N]

RUN_CASES is the program of tests/tools. The oracle (JSON lines in, JSON lines out) is $QUIS_OPA_ORACLE or opa-oracle on the PATH;
without it the test is skipped, which it says. Compared are: results (bindings and values in order, numbers by their digits), what
is undefined, codes of errors, what print printed; of errors of the compiler message and row, too. Case I of a seed is always the
same one: --seed N --only I makes it again. A failing case is made smaller while it still fails, then shown. policy_maker.py makes
the cases.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys

import policy_maker

SKIP = 77
COMPILER = ("rego_parse_error", "rego_compile_error", "rego_unsafe_var_error", "rego_type_error", "rego_recursion_error")
EVALUATION = ("eval_conflict_error", "eval_builtin_error", "eval_type_error", "eval_internal_error")
# Refused by one side only, as docs/language.md says: texts of the other side's first error.
KNOWN = ("deprecated built-in function calls", "is undeclared", "non-terminated set")
LAZY_MOST = 0.02  # of all cases: more is no laziness
NO_ANSWER = ("timeout", "panic", "oracle_memory", "oracle_crash", "oracle_error", "bad_case")


class Number(str):
    """A number as it is written."""


def parse(line):
    return json.loads(line, parse_int=Number, parse_float=Number)


def run(command, cases):
    """The answers, in order. A program that ends early answers the case it was at with an error, and is started again."""
    answers, lines = [], [json.dumps(c) for c in cases]
    while len(answers) < len(lines):
        text = "\n".join(lines[len(answers):]) + "\n"
        done = subprocess.run(command, input=text, capture_output=True, text=True, errors="surrogateescape", check=False)
        answers += [parse(line) for line in done.stdout.splitlines()]
        if len(answers) < len(lines):
            answers.append({"error": {"code": "crash", "message": done.stderr[-3000:]}})
    return answers


def plain(value):
    """Numbers apart from strings; objects without the order of their keys."""
    if isinstance(value, Number):
        return ["#", str(value)]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


def error_key(error):
    code, message = error["code"], error["message"]
    if code not in COMPILER:
        return code
    if code == "rego_recursion_error":
        return code  # where several ways lead back to a rule, OPA shows any
    if code == "rego_type_error":
        return [code, error.get("row", 0)]  # check_types.py compares their texts
    if code == "rego_unsafe_var_error":
        return sorted([e["message"], e.get("row", 0)] for e in [error] + error.get("more", []))  # of one literal OPA takes any first
    return [code, message, error.get("row", 0)]


def key(answer):
    if "error" in answer:
        error = answer["error"]
        found = error_key(error)
        return ["error", found]  # what was printed before an error depends on how far it is evaluated
    rows = [[[e["value"] if isinstance(e, dict) and "location" in e else e for e in r["expressions"]], r.get("bindings", {})]
            for r in answer.get("result", [])]
    return ["rows", plain(rows), answer.get("prints", [])]


def is_bad(ours, theirs):
    code = theirs.get("error", {}).get("code")
    if ours.get("error", {}).get("code") == "crash" or "mismatch" in ours:
        return True
    if code == "rego_parse_error" and theirs["error"].get("file") == policy_maker.PARSED:
        return False  # an error of rego.parse_module, which the oracle gives unwrapped
    if code in NO_ANSWER or ours.get("error", {}).get("code", "").startswith("limit_"):
        return False
    return key(ours) != key(theirs)


def is_laziness(ours, theirs):
    """Which errors and prints are met depends on what is evaluated, and when. OPA's rule index leaves definitions out that cannot
    hold, its complete rules go on with a first value before they look for a second one (docs/language.md). Answers must agree where
    both sides have one."""
    codes = [a.get("error", {}).get("code", "") for a in (ours, theirs)]
    if any(k in a.get("error", {}).get("message", "") for k in KNOWN for a in (ours, theirs)):
        return True
    if any(c in EVALUATION for c in codes):
        return all(c in EVALUATION or c == "" for c in codes)
    a, b = key(ours), key(theirs)
    if a[0] != "rows" or b[0] != "rows" or sorted(map(json.dumps, a[1])) != sorted(map(json.dumps, b[1])):
        return False  # sets written in place are enumerated in the order of their text
    return set(a[2]) <= set(b[2]) or set(b[2]) <= set(a[2])


class Differ:
    def __init__(self, options, oracle):
        self.eager = options.eager
        self.ours, self.theirs = [options.run_cases], [oracle, "-j", str(options.jobs), "-timeout", "5s"]

    def answers(self, cases):
        return list(zip(run(self.ours, cases), run(self.theirs, cases)))

    def shrink(self, case, signature):
        """A smaller case that fails the same way: parts are dropped as long as it does."""
        for _ in range(60):
            smaller = list(case.smaller())
            found = None
            for at in range(0, len(smaller), 64):
                batch = smaller[at:at + 64]
                for candidate, (a, b) in zip(batch, self.answers([c.request() for c in batch])):
                    if is_bad(a, b) and kind(a, b) == signature and (self.eager or not is_laziness(a, b)):
                        found = candidate
                        break
                if found is not None:
                    break
            if found is None:
                return case
            case = found
        return case


def kind(ours, theirs):
    """What a failure is about, to stay with it while a case becomes smaller."""
    def one(a):
        return a["error"]["code"] if "error" in a else "rows" if "result" in a else "undefined"
    return (one(ours), one(theirs), "mismatch" in ours)


def show(case, ours, theirs):
    request = case.request()
    for name, text in sorted(request["modules"].items()):
        print("  -- %s\n%s" % (name, "\n".join("  " + line for line in text.split("\n"))))
    print("  -- " + json.dumps({k: v for k, v in request.items() if k not in ("modules", "id")}))
    print("  ours   %s\n  theirs %s\n" % (json.dumps(ours)[:1500], json.dumps(theirs)[:1500]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run_cases")
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--show", type=int, default=5)
    parser.add_argument("--eager", action="store_true", help="errors and prints count, too")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=1000)
    options = parser.parse_args()
    oracle = os.environ.get("QUIS_OPA_ORACLE") or shutil.which("opa-oracle")
    if not oracle or not os.path.exists(oracle):
        print("SKIPPED: no oracle (QUIS_OPA_ORACLE)")
        return SKIP
    differ = Differ(options, oracle)
    numbers = [options.only] if options.only is not None else list(range(options.count))
    counts, passed, skipped, lazy, bad = {}, 0, 0, 0, []
    for at in range(0, len(numbers), options.batch):
        cases = [policy_maker.make(options.seed, i) for i in numbers[at:at + options.batch]]
        for case, (a, b) in zip(cases, differ.answers([c.request() for c in cases])):
            signature = kind(a, b)
            counts[signature[1]] = counts.get(signature[1], 0) + 1
            if is_bad(a, b) and is_laziness(a, b) and "mismatch" not in a and not options.eager:
                lazy += 1
            elif is_bad(a, b):
                bad.append((case, a, b))
            elif key(a) != key(b):
                skipped += 1
            else:
                passed += 1
    seen = {}
    for case, a, b in bad:
        signature = kind(a, b)
        seen[signature] = seen.get(signature, 0) + 1
        if seen[signature] > options.show:
            continue
        small = differ.shrink(case, signature)
        (a, b), = differ.answers([small.request()])
        print("FAILED: --seed %d --only %d: %s" % (options.seed, case.number, signature))
        show(small, a, b)
    print(" ".join("%s:%d" % p for p in sorted(counts.items())))
    for signature, count in sorted(seen.items()):
        print("%5d %s" % (count, signature))
    print("%d met other errors or prints" % lazy)
    print("%d passed, %d failed, %d skipped" % (passed, len(bad), skipped + lazy))
    return 1 if bad or lazy > max(5, LAZY_MOST * len(numbers)) else 0


if __name__ == "__main__":
    sys.exit(main())
