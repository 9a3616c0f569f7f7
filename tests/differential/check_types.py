#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_types.py CHECK_DUMP [ORACLE] [--seed N] [--count N] [--show N]: our type checker against OPA's.

Makes modules that are right but for their types: rules that are values, sets, objects, functions; expressions that compare,
call, select, iterate and look for members; withs, comprehensions, schemas. ORACLE, else $QUIS_OPA_ORACLE or opa-oracle on the
PATH, is a command that answers lines of {"id", "modules", "rego", "query", "schemas"} with {"compiled": true} or {"error":
{"code", "message", "file", "row", "col", "details", "json", "more"}}: details are the lines behind the message, json what OPA's
JSON output has of them. With an oracle that gives no details, these, queries and schemas are left out. CHECK_DUMP is the program
of tests/tools.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys

CALLS = [("count", 1), ("count", 1), ("sum", 1), ("concat", 2), ("startswith", 2), ("abs", 1), ("upper", 1), ("split", 2), ("to_number", 1),
         ("object.get", 3), ("array.concat", 2), ("union", 1), ("sprintf", 2), ("json.marshal", 1), ("object.keys", 1), ("max", 1),
         ("is_string", 1), ("numbers.range", 2), ("object.union", 2), ("regex.match", 2), ("walk", 1), ("time.now_ns", 0),
         ("array.slice", 3), ("glob.match", 3), ("graph.reachable", 2), ("json.filter", 2), ("net.cidr_contains", 2), ("intersection", 1),
         ("crypto.x509.parse_and_verify_certificates", 1), ("object.remove", 2), ("strings.replace_n", 2), ("type_name", 1)]
INFIX = ["=", "==", "!=", "<", ">=", ":="]
ARITHMETIC = ["+", "-", "*", "/", "%", "&", "|"]
SCHEMA_TYPES = ["string", "number", "integer", "boolean", "null", "object", "array"]


class Maker:
    def __init__(self, rng):
        self.rng = rng
        self.rules = []      # names of rules that may be used: those before
        self.functions = []  # (name, arity)
        self.vars = []
        self.fresh = 0

    def pick(self, *choices):
        return self.rng.choice(choices)

    def scalar(self):
        return self.pick("1", "2.5", '"a"', '"b"', "true", "false", "null", '"foo"', "0")

    def key(self):
        return self.pick('"a"', '"b"', '"foo"', '"a"', "1", "true", "null", '[1, "x"]')

    def literal(self, depth):
        if depth <= 0 or self.rng.random() < 0.4:
            return self.scalar()
        kind = self.rng.randrange(5)
        items = [self.term(depth - 1) for _ in range(self.rng.choice((0, 1, 2, 2, 3)))]
        if kind < 2:
            return "[%s]" % ", ".join(items)
        if kind == 2:
            return "{%s}" % ", ".join(items) if items else "set()"
        keys = [self.key() if self.rng.random() < 0.85 else self.name() for _ in items]
        return "{%s}" % ", ".join("%s: %s" % p for p in zip(keys, items))

    def new_var(self):
        self.fresh += 1
        return "v%d" % self.fresh

    def name(self):
        choices = list(self.vars[-6:]) + ["input"] + self.rules[-6:]
        return self.rng.choice(choices) if self.rng.random() < 0.9 else self.scalar()

    def ref(self):
        base = self.rng.choice(self.vars[-6:] * 2 + self.rules[-8:] * 2 + ["input", "input.x", "data.other", "data.base.x"])
        for _ in range(self.rng.choice((0, 1, 1, 2, 2, 3))):
            step = self.rng.random()
            if step < 0.35:
                base += self.pick(".a", ".b", ".foo", ".bar")
            elif step < 0.5:
                base += "[%s]" % self.scalar()
            elif step < 0.7 and not base.startswith("data"):
                base += "[_]"
            elif step < 0.85 and self.vars:
                base += "[%s]" % self.rng.choice(self.vars[-4:])
            elif step < 0.92:
                base += "[%s]" % self.literal(1)
            else:
                base += "[%s]" % self.rng.choice(["input.k", "input.x"] + self.rules[-3:])
        return base

    def call(self, depth):
        if self.functions and self.rng.random() < 0.35:
            name, arity = self.rng.choice(self.functions)
        else:
            name, arity = self.rng.choice(CALLS)
        return "%s(%s)" % (name, ", ".join(self.term(depth - 1) for _ in range(arity)))

    def comprehension(self, depth):
        outer = list(self.vars)
        body = self.body(depth - 1, self.rng.choice((1, 1, 2)))
        kind = self.rng.randrange(3)
        head = self.term(1)
        text = {0: "[%s | %s]" % (head, body), 1: "{%s | %s}" % (head, body),
                2: "{%s: %s | %s}" % (self.term(0), head, body)}[kind]
        self.vars = outer
        return text

    def term(self, depth):
        choice = self.rng.random()
        if choice < 0.25 or (depth <= 0 and choice < 0.5):
            return self.scalar()
        if choice < 0.45 and self.vars:
            return self.rng.choice(self.vars[-6:])
        if choice < 0.65:
            return self.ref()
        if depth <= 0:
            return self.name()
        if choice < 0.85:
            return self.literal(depth)
        if choice < 0.93:
            return self.call(depth)
        if choice < 0.96:
            return "%s %s %s" % (self.term(0), self.rng.choice(ARITHMETIC), self.term(0))
        return self.comprehension(depth)

    def declare(self):
        v = self.new_var()
        self.vars.append(v)
        return v

    def pattern(self, depth):
        if depth <= 0 or self.rng.random() < 0.5:
            return self.declare()
        items = [self.pattern(depth - 1) if self.rng.random() < 0.7 else self.scalar() for _ in range(self.rng.choice((1, 2)))]
        if self.rng.random() < 0.6:
            return "[%s]" % ", ".join(items)
        return "{%s}" % ", ".join("%s: %s" % p for p in zip(['"a"', '"b"'], items))

    def with_part(self):
        if self.rng.random() > 0.12:
            return ""
        targets = ["input", "input.x", "data.other", "data.base.x"] + ["data.test." + r for r in self.rules[-4:]]
        functions = ["count", "upper", "abs", "time.now_ns"] + [f for f, _ in self.functions[-3:]]
        if self.rng.random() < 0.6:
            return " with %s as %s" % (self.rng.choice(targets), self.literal(2))
        return " with %s as %s" % (self.rng.choice(functions), self.rng.choice(functions + [self.scalar()]))

    def expression(self, depth):
        choice = self.rng.random()
        if choice < 0.3:
            value = self.term(depth)
            return "%s := %s" % (self.declare(), value) + self.with_part()
        if choice < 0.4:
            value = self.term(depth)
            return "%s = %s" % ((self.pattern(2), value) if self.rng.random() < 0.5 else (value, self.pattern(2)))
        if choice < 0.6:
            return "%s %s %s" % (self.term(depth), self.rng.choice(INFIX[:-1]), self.term(depth)) + self.with_part()
        if choice < 0.7:
            collection = self.term(depth)
            if self.rng.random() < 0.5:
                return "some {0} in {1}; {0} != 7".format(self.declare(), collection)
            return "some {0}, {1} in {2}; {0} != {1}".format(self.declare(), self.pattern(1), collection)
        if choice < 0.77:
            return "%s in %s" % (self.term(1), self.term(depth))
        if choice < 0.8:
            outer = list(self.vars)
            v, domain = self.new_var(), self.term(depth)
            self.vars.append(v)
            text = "every %s in %s { %s; %s != 0 }" % (v, domain, self.body(depth - 1, 1), v)
            self.vars = outer
            return text
        if choice < 0.85:
            return "not " + self.ref()
        if choice < 0.93:
            return self.call(depth) + self.with_part()
        return self.ref() + self.with_part()

    def body(self, depth, count):
        return "; ".join(self.expression(depth) for _ in range(count))

    def rule(self, i):
        self.vars, self.fresh = [], 0
        name, count = "r%d" % i, self.rng.choice((1, 2, 2, 3, 4))
        kind = self.rng.random()
        if self.rules and self.rng.random() < 0.12:
            name = self.rng.choice(self.rules)
        if kind < 0.25:
            text = "%s := %s" % (name, self.literal(3))
        elif kind < 0.5:
            body = self.body(2, count)
            text = "%s := %s if { %s }" % (name, self.term(1), body)
        elif kind < 0.62:
            body = self.body(2, count)
            text = "%s contains %s if { %s }" % (name, self.term(1), body)
        elif kind < 0.78:
            body = self.body(2, count)
            path = "".join(self.pick(".a", ".b", "[%s]" % (self.rng.choice(self.vars) if self.vars else "1"), '["k"]')
                           for _ in range(self.pick(1, 1, 2)))
            text = "%s%s := %s if { %s }" % (name, path, self.term(1), body)
        elif kind < 0.9:
            args = [self.pattern(1) for _ in range(self.pick(1, 1, 2))]
            body = self.body(2, count)
            name = "f%d" % i
            text = "%s(%s) := %s if { %s }" % (name, ", ".join(args), self.term(1), body)
            self.functions.append((name, len(args)))
            return text
        else:
            body = self.body(2, 1)
            text = "%s := 1 if { %s } else := %s if { %s }" % (name, body, self.literal(1), self.body(1, 1))
        if name not in self.rules:
            self.rules.append(name)
        return text

    def schema(self, depth):
        kind = self.rng.random()
        if kind < 0.08:
            return {"$ref": "#/definitions/node"}
        if kind < 0.18 and depth > 0:
            return {"anyOf": [self.schema(depth - 1) for _ in range(2)]}
        if kind < 0.26 and depth > 0:
            return {"allOf": [self.schema(depth - 1) for _ in range(2)]}
        of = self.rng.choice(SCHEMA_TYPES + ["object", "object"])
        if of == "object" and depth > 0:
            names = self.rng.sample(["a", "b", "x", "k", "foo"], self.rng.choice((1, 2, 3)))
            return {"type": of, "properties": {n: self.schema(depth - 1) for n in names}}
        if of == "array" and depth > 0:
            items = self.schema(depth - 1)
            return {"type": of, "items": items if self.rng.random() < 0.7 else [items, self.schema(0)]}
        return {"type": of}

    def root_schema(self):
        schema = self.schema(3)
        schema["definitions"] = {"node": {"type": "object", "properties": {
            "a": {"type": "string"}, "foo": {"$ref": "#/definitions/node"}}}}
        return schema

    def module(self):
        lines, schemas = ["package test", ""], None
        if self.rng.random() < 0.3:
            schemas = {name: self.root_schema() for name in ("", "s1", "dir/s2") if self.rng.random() < 0.7}
        for i in range(self.rng.choice((2, 4, 6, 8))):
            if schemas is not None and self.rng.random() < 0.3:
                lines += ["# METADATA", "# scope: " + self.pick("rule", "rule", "document"), "# schemas:"]
                for _ in range(self.pick(1, 1, 2)):
                    lines.append("# - %s: %s" % (self.pick("input", "input.x", "data.other", "input.x.y", "data.base"),
                                                 self.pick("schema", "schema.s1", "schema.dir.s2", "schema.none", '{type: string}')))
            lines.append(self.rule(i))
        return "\n".join(lines) + "\n", schemas


    def query(self):
        """A module that is right and a query over it."""
        lines = ["package test", ""]
        for i in range(self.pick(2, 3, 4)):
            lines.append("r%d := %s" % (i, self.constant(3)))
        lines += ["s contains x if { some x in input.y }", "o[k] := {\"a\": k} if { some k in [1, 2] }", "f(x) := x + 1",
                  "g(x, y) := [x, y] if { startswith(x, \"a\") }", "n := count(input) if { input.z }"]
        self.rules = ["data.test.r%d" % i for i in range(2)] + ["data.test.s", "data.test.o", "data.test.n"]
        self.functions = [("data.test.f", 1), ("data.test.g", 2)]
        return "\n".join(lines) + "\n", self.body(2, self.pick(1, 2, 3))

    def constant(self, depth):
        if depth <= 0 or self.rng.random() < 0.3:
            return self.scalar()
        items = [self.constant(depth - 1) for _ in range(self.pick(1, 2, 2))]
        if self.rng.random() < 0.5:
            return "[%s]" % ", ".join(items)
        return "{%s}" % ", ".join("%s: %s" % p for p in zip(('"a"', '"b"'), items))


def cases(options):
    for i in range(options.count):
        maker = Maker(random.Random(options.seed * 1000003 + i))
        if i % 5 == 4:
            text, query = maker.query()
            yield {"id": i, "rego": "v1", "modules": {"m.rego": text}, "query": query}
            continue
        text, schemas = maker.module()
        case = {"id": i, "rego": "v1", "modules": {"m.rego": text}, "prints": False}
        if schemas is not None:
            case["schemas"] = schemas
        yield case


def run(command, lines):
    return [json.loads(line) for line in
            subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True).stdout.splitlines()]


def bare(value):
    """JSON details without descriptions, which we do not have, and places of references."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k not in ("description", "location")}
    return [bare(v) for v in value] if isinstance(value, list) else value


def key(error, details):
    message = error["message"]
    if message.startswith("type checking: "):
        message = message.split(":")[0]  # OPA shows addresses
    found = [error["code"], message, error.get("row", 0), error.get("col", 0)]
    if details:
        found += [error.get("details"), bare(error.get("json"))]
    return found


def keys(error, details):
    if error is None:
        return None
    return sorted((key(e, details) for e in [error] + error.get("more", [])), key=json.dumps)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("check_dump")
    parser.add_argument("oracle", nargs="?", default=os.environ.get("QUIS_OPA_ORACLE") or shutil.which("opa-oracle"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    if options.oracle is None:
        print("SKIPPED: no OPA oracle (set QUIS_OPA_ORACLE)")
        return 77
    asked = list(cases(options))
    lines = [json.dumps(c) for c in asked]
    ours, theirs = run([options.check_dump, "--details"], lines), run(options.oracle.split(), lines)
    has_details = any("details" in (t.get("error") or {}) for t in theirs)
    if not has_details:
        asked, ours, theirs = zip(*[t for t in zip(asked, ours, theirs) if "schemas" not in t[0] and "query" not in t[0]])
    counts, bad = {}, []
    for case, a, b in zip(asked, ours, theirs):
        x, y = a.get("error"), b.get("error")
        code = y["code"] if y is not None else "compiled"
        if "rego_parse_error" in (code, (x or {}).get("code")):
            continue
        if code in ("panic", "timeout", "oracle_memory", "oracle_crash", "rego_recursion_error"):
            continue  # which way of several around a cycle is shown is not of types
        counts[code] = counts.get(code, 0) + 1
        if keys(x, has_details) != keys(y, has_details):
            bad.append((case, x, y))
    for case, x, y in bad[:options.show]:
        print("--", case["id"])
        print("\n".join("%3d %s" % line for line in enumerate(case["modules"]["m.rego"].split("\n"), 1)))
        if "query" in case:
            print("    ?", case["query"])
        if "schemas" in case:
            print(json.dumps(case["schemas"]))
        ours_keys, theirs_keys = keys(x, has_details) or [], keys(y, has_details) or []
        for k in ours_keys:
            if k not in theirs_keys:
                print("   ours  ", json.dumps(k)[:700])
        for k in theirs_keys:
            if k not in ours_keys:
                print("   theirs", json.dumps(k)[:700])
    print("%d cases, %d differ; %s%s" % (sum(counts.values()), len(bad), ", ".join("%s %d" % c for c in sorted(counts.items())),
                                         "" if has_details else "; without details"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
