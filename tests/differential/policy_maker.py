# SPDX-License-Identifier: Apache-2.0
"""Makes random policies over the whole grammar: what policies.py decides.

make(seed, i) gives case i. A case keeps its parts apart, so that a smaller one can be made by dropping some: modules, imports, rules,
branches of rules, literals, members of data and input. Most terms have a type, so that most cases get past the compiler; rules
refer to rules made before them, so that recursion is rare, but not excluded.
"""
import json
import random

from policy_builtins import BUILTINS, BUILTINS_V0, OPERANDS, TEXTS

DATA = {
    "base": {"n": 3, "s": "abc", "a": [1, "x", None, [2]], "o": {"a": 1, "b": {"c": [1, 2]}, "1": "one"}, "strings": ["a", "foo"],
             "graph": {"a": ["b"], "b": []}, "t": True, "2": "two", "list": [{"k": "a", "v": 1}, {"k": "b", "v": 2}, {"k": "a", "v": 3}]},
    "lib": {"extra": {"a": 1, "z": [0]}, "sub": {"more": 7}},
}
INPUT = {
    "n": 2, "s": "foo", "b": True, "x": {"a": 1, "b": {"c": 2.50, "d": [1, 2]}, "0": "zero"}, "a": [1, 2, 2, "a", {"k": "b"}, None],
    "strings": ["a", "b", "foo"], "numbers": [1, 2, 3.5, 10], "k": "a", "graph": {"a": ["b", "c"], "b": ["a"]}, "nodes": ["a"],
    "roles": [{"name": "r1", "on": ["x", "y"]}, {"name": "r2", "on": []}], "f": False, "none": None,
}
REFS = {
    "n": ["input.n", "data.base.n", "input.x.a", "input.numbers[0]", "input.numbers[_]", "data.base.list[_].v", "input.x.b.c"],
    "s": ["input.s", "input.k", "data.base.s", "input.strings[_]", "data.base.strings[1]", "input.roles[_].name", "data.base.list[_].k"],
    "b": ["input.b", "input.f", "data.base.t"],
    "a": ["input.a", "input.numbers", "data.base.a", "input.roles", "input.strings", "data.base.list", "input.x.b.d"],
    "o": ["input.x", "input.x.b", "data.base.o", "input.graph", "input.roles[_]", "data.base.list[1]", "input", "data.base"],
    "x": ["input.a[_]", "input.x[_]", "input.none", "input.nope", "data.base.o[_]", "input.roles[_].on", "data.nope", "input[_]", "data.base[input.k]"],
    "t": ["{e | e := input.a[_]}", "{e | input.numbers[_] = e}", "{e | data.base.list[e]}"],
}
SCALARS = {
    "n": ["0", "1", "2", "3", "-1", "1.5", "10", "2.50", "1e3", "12345678901234567890", "0.1"],
    "s": ['"a"', '"b"', '"foo"', '""', '"abc"', '"k"', '"é☃"', '"a,b"', '`r\\w`', '"x y"', '"\\u0041"'],
    "b": ["true", "false"],
    "x": ["null", "1", '"a"', "true", "false", "[]", "{}", "set()"],
}
TYPES = "nsbaotx"
PARSED = "parsed.rego"  # what rego.parse_module parses
INFIX = ["==", "!=", "<", "<=", ">", ">="]


class Rule:
    """branches: (text before the body, separator of the literals, literals); literals None: no body."""

    def __init__(self, branches):
        self.branches = branches

    def text(self):
        out = []
        for head, literals in self.branches:
            out.append(head if literals is None else "%s {\n%s\n}" % (head, "\n".join("\t" + line for line in literals or ["true"])))
        return " ".join(out)

    def smaller(self):
        if len(self.branches) > 1:
            yield Rule(self.branches[:-1])
        for i, (head, literals) in enumerate(self.branches):
            for k in range(len(literals or [])):
                yield Rule(self.branches[:i] + [(head, literals[:k] + literals[k + 1:])] + self.branches[i + 1:])


class Module:
    def __init__(self, package, imports, rules):
        self.package, self.imports, self.rules = package, imports, rules

    def text(self):
        return "\n".join(["package " + self.package, ""] + self.imports + [r.text() for r in self.rules]) + "\n"

    def smaller(self):
        size = len(self.rules)
        step = size // 2
        while step > 0:
            for i in range(0, size, step):
                yield Module(self.package, self.imports, self.rules[:i] + self.rules[i + step:])
            step //= 2
        for i in range(len(self.imports)):
            yield Module(self.package, self.imports[:i] + self.imports[i + 1:], self.rules)
        for i, rule in enumerate(self.rules):
            for r in rule.smaller():
                yield Module(self.package, self.imports, self.rules[:i] + [r] + self.rules[i + 1:])


def smaller_json(value):
    """Values that are value without a part."""
    if isinstance(value, dict):
        for k in value:
            yield {n: v for n, v in value.items() if n != k}
        for k in value:
            for v in smaller_json(value[k]):
                yield {**value, k: v}
    elif isinstance(value, list):
        for i in range(len(value)):
            yield value[:i] + value[i + 1:]


class Case:
    def __init__(self, number, rego, modules, query, data, given, options):
        self.number, self.rego, self.modules, self.query, self.data, self.given = number, rego, modules, query, data, given
        self.options = options

    def request(self):
        r = {"id": self.number, "rego": self.rego, "modules": {"m%d.rego" % i: m.text() for i, m in enumerate(self.modules)},
             "query": "; ".join(self.query), "data": self.data, **self.options}
        if self.given is not None:
            r["input"] = self.given
        return r

    def replaced(self, **changes):
        fields = {"number": self.number, "rego": self.rego, "modules": self.modules, "query": self.query, "data": self.data,
                  "given": self.given, "options": self.options}
        return Case(**{**fields, **changes})

    def smaller(self):
        for i in range(len(self.modules)):
            yield self.replaced(modules=self.modules[:i] + self.modules[i + 1:])
        for i, module in enumerate(self.modules):
            for m in module.smaller():
                yield self.replaced(modules=self.modules[:i] + [m] + self.modules[i + 1:])
        for i in range(len(self.query)):
            if len(self.query) > 1:
                yield self.replaced(query=self.query[:i] + self.query[i + 1:])
        for name in self.options:
            yield self.replaced(options={k: v for k, v in self.options.items() if k != name})
        for data in smaller_json(self.data):
            yield self.replaced(data=data)
        for given in smaller_json(self.given):
            yield self.replaced(given=given)


class Maker:
    def __init__(self, rng, rego):
        self.rng, self.v0 = rng, rego == "v0"
        self.vars = []       # (name, type) that are bound here
        self.fresh = 0
        self.known = []      # (reference, type) of rules made before
        self.functions = []  # (reference, types of arguments, type of the result)
        self.builtins = BUILTINS_V0 if self.v0 else BUILTINS
        self.keywords = not self.v0
        self.package = ""
        self.in_every = False
        self.logic = False   # rego.v2: and, or, not with bodies
        self.prints = rng.random() < 0.3

    def pick(self, *choices):
        return self.rng.choice(choices)

    def chance(self, p):
        return self.rng.random() < p

    def new_var(self, of):
        self.fresh += 1
        name = "v%d" % self.fresh
        self.vars.append((name, of))
        return name

    # ---- terms ----

    def scalar(self, of):
        if of in SCALARS:
            return self.rng.choice(SCALARS[of])
        if of == "a":
            return self.pick("[]", "[1, 2]", '["a", 1]', "[[1], [2]]", '[{"k": "a"}]')
        if of == "o":
            return self.pick("{}", '{"a": 1}', '{"a": {"b": 1}, "k": 2}', '{1: "x", "a": [1]}', '{"b": null}')
        return self.pick("set()", "{1, 2}", '{"a", 1}', "{[1], 2}", '{"foo"}')

    def variable(self, of):
        found = [v for v, t in self.vars if t == of or (t == "x" and self.chance(0.3))]
        return self.rng.choice(found[-5:]) if found else None

    def reference(self, of):
        found = [r for r, t in self.known if t == of or (t == "x" and self.chance(0.3))]
        if found and self.chance(0.6):
            return self.rng.choice(found[-8:])
        ref = self.rng.choice(REFS[of])
        if self.chance(0.2):
            ref = ref.replace("[_]", "[%s]" % (self.variable("x") or self.variable("n") or "input.k"))
        return ref

    def opaque(self):
        """A term whose type the compiler does not know: it compares with anything."""
        return self.rng.choice(REFS[self.rng.choice("xxxaons")])

    def operand(self, kind, depth):
        if kind in TEXTS:
            return '"%s"' % self.rng.choice(TEXTS[kind]) if self.chance(0.85) else self.term("s", depth)
        if kind in OPERANDS:
            return self.rng.choice(OPERANDS[kind]) if self.chance(0.9) else self.term("x", depth)
        return kind if kind.startswith('"') else self.term(kind, depth)

    def call(self, of, depth):
        functions = [f for f in self.functions if f[2] == of or of == "x"]
        if functions and self.chance(0.35):
            name, arguments, _ = self.rng.choice(functions[-6:])
        else:
            builtins = [b for b in self.builtins if b[2] == of] if of != "x" else self.builtins
            name, arguments, _ = self.rng.choice(builtins)
        return "%s(%s)" % (name, ", ".join(self.operand(k, depth - 1) for k in arguments))

    def collection(self, of, depth):
        items = [self.term(self.rng.choice(TYPES), depth - 1) for _ in range(self.pick(0, 1, 2, 2, 3))]
        if of == "a":
            return "[%s]" % ", ".join(items)
        if of == "t":
            return "{%s}" % ", ".join(items) if items else "set()"
        keys = [self.pick('"a"', '"b"', '"k"', '"x"', "1") for _ in items]
        if keys and self.chance(0.3):
            keys[0] = self.pick("input.s", "data.base.strings[1]", "input.n", "upper(input.s)")  # none of those above
        return "{%s}" % ", ".join("%s: %s" % p for p in zip(keys, items))

    def comprehension(self, of, depth):
        outer = list(self.vars)
        literals = self.body(self.pick(1, 1, 2, 3), depth - 1)
        head = self.term(self.rng.choice(TYPES), 1)
        key = self.variable("s") or self.variable("x") or self.scalar("s")
        self.vars = outer
        body = "; ".join(literals)
        return {"a": "[%s | %s]" % (head, body), "t": "{%s | %s}" % (head, body), "o": "{%s: %s | %s}" % (key, head, body)}[of]

    def template(self):
        def shown():
            text = self.term(self.rng.choice("nsx"), 0)
            return text if self.chance(0.05) else text.replace("[_]", "[0]")  # nothing is bound there
        parts = "".join(self.pick("a", "-", " ", "{%s}" % shown()) for _ in range(3))
        return '$"%s"' % parts.replace('"', "'").replace("{'", "{`").replace("'}", "`}")

    def term(self, of, depth):
        choice = self.rng.random()
        if choice < 0.3:
            found = self.variable(of)
            if found:
                return found
        if choice < 0.55:
            return self.reference(of)
        if depth <= 0 or choice < 0.65:
            return self.scalar(of)
        if of in "aot" and choice < 0.8:
            return self.comprehension(of, depth) if self.chance(0.4) else self.collection(of, depth)
        if of == "n" and choice < 0.8:
            return "(%s %s %s)" % (self.term("n", depth - 1), self.pick("+", "-", "*", "/", "%"), self.term("n", depth - 1))
        if of == "t" and choice < 0.9:
            return "(%s %s %s)" % (self.term("t", depth - 1), self.pick("|", "&", "-"), self.term("t", depth - 1))
        if of == "s" and choice < 0.72 and not self.v0:
            return self.template()
        if of == "b" and self.chance(0.4):
            if self.keywords and self.chance(0.4):
                return "(%s in %s)" % (self.opaque(), self.term(self.pick("a", "t", "o"), depth - 1))
            return "(%s %s %s)" % (self.opaque(), self.rng.choice(INFIX), self.term("x", depth - 1))
        if of == "x" and self.chance(0.5):
            return self.term(self.rng.choice("nsbaot"), depth)
        return self.call(of, depth)

    def pattern(self, depth, names_only=False):
        if depth <= 0 or self.chance(0.4):
            return self.new_var("x") if names_only or self.chance(0.8) else self.pick("_", "1", '"a"', "null", "true")
        items = [self.pattern(depth - 1, names_only) for _ in range(self.pick(1, 2, 2))]
        if self.chance(0.6):
            return "[%s]" % ", ".join(items)
        return "{%s}" % ", ".join("%s: %s" % p for p in zip(['"k"', '"a"'], items))

    # ---- literals ----

    def withs(self):
        if self.in_every or self.chance(0.85):
            return ""  # in every, OPA takes references for values unread
        out = ""
        for _ in range(self.pick(1, 1, 2)):
            choice = self.rng.random()
            if choice < 0.4:
                out += " with %s as %s" % (self.pick("input", "input.x", "input.n", "input.x.a", "input.new.y", "input.k"), self.term("x", 1))
            elif choice < 0.65:
                rules = [r for r, _ in self.known if r.startswith("data.") and "[" not in r]
                target = self.rng.choice(rules) if rules and self.chance(0.6) else self.pick("data.base", "data.base.n", "data.base.o.a", "data.new", "data.lib")
                out += " with %s as %s" % (target, self.term("x", 1))
            else:
                functions = [(f, a) for f, a, _ in self.functions if f.startswith("data.")] + [("count", "x"), ("upper", "s"), ("time.now_ns", "")]
                target, arguments = self.rng.choice(functions)
                same = [f for f, a in functions if len(a) == len(arguments)] if arguments else []
                out += " with %s as %s" % (target, self.rng.choice(same) if same and self.chance(0.4) else self.scalar("x"))
        return out

    def dynamic(self):
        """A reference whose steps are not known."""
        if self.package == "test" or self.chance(0.04):
            root = self.pick("data.lib", "data.lib", "data.lib.sub", "data.base", "data.base.o", "data.lib.p0", "data.lib.p1", "data.base.list")
        else:
            root = self.pick("data.base", "data.base.o", "data.base.list", "data.base.a")
        if self.package == "" and self.chance(0.3):
            root = self.pick("data", "data.test", "data.test.r0", "data.test.r1")
        for _ in range(self.pick(1, 1, 2, 3)):
            step = self.rng.random()
            if step < 0.35:
                root += "[%s]" % self.new_var("x")
            elif step < 0.45:
                root += "[_]"
            elif step < 0.7:
                root += "[%s]" % (self.variable("s") or self.variable("x") or self.term("s", 0))
            elif step < 0.8:
                root += "[%s]" % self.pick("1", "2", "input.n", "data.base.n", "1.0", "true")
            elif step < 0.85:
                root += "[%s]" % self.pattern(1)
            else:
                root += self.pick(".a", ".b", ".p0", ".p1", ".sub", ".extra", ".x", ".k")
        return root

    def declaration(self, depth):
        domain = self.term(self.pick("a", "o", "t"), depth)
        names = [self.new_var("x") for _ in range(self.pick(1, 2))]
        return "some %s; %s[%s] = %s" % (", ".join(names), domain, names[0], names[-1])

    def using(self, mark):
        """Literals that use what was declared since: OPA wants each used."""
        return "".join("; " + self.pick("_ = %s", "%s != 77", "%s == input.k", "[%s] != 1", "%s", "%s = input.n", "%s > 0") % v
                       for v, _ in self.vars[mark:] if not self.chance(0.02))

    def some_in(self, depth):
        of, match = self.pick("a", "o", "t", "a", "x"), self.chance(0.2)
        domain, mark = self.opaque() if match or of == "x" else self.term(of, depth), len(self.vars)
        first = self.new_var("n" if of == "a" else "x") + ", " if self.chance(0.4) else ""
        name = self.pattern(1) if match else self.new_var("x")
        return "some %s%s in %s%s" % (first, name, domain, self.using(mark))

    def every(self, depth):
        outer = list(self.vars)
        domain = self.term(self.pick("a", "o", "t"), depth)
        mark = len(self.vars)
        names = ", ".join(self.new_var("x") for _ in range(self.pick(1, 1, 2)))
        use = self.using(mark)[2:]
        before, self.in_every = self.in_every, True
        text = "every %s in %s { %s }" % (names, domain, "; ".join([use or "true"] + self.body(self.pick(0, 1, 1), depth - 1)))
        self.in_every = before
        self.vars = outer
        return text

    def negation(self, depth):
        outer = list(self.vars)
        if self.logic and self.chance(0.4):
            text = "not { %s }" % "; ".join(self.body(self.pick(1, 2), depth - 1))
        else:
            choice = self.rng.random()
            if choice < 0.4:
                text = "not " + self.term("b", depth)
            elif choice < 0.6:
                text = "not %s %s %s" % (self.opaque(), self.pick("=", "==", "!=", "<"), self.term("x", 1))
            else:
                text = "not " + self.reference("x")
        self.vars = outer
        if not text.startswith("not {") and not self.chance(0.05):
            text = text.replace("[_]", "[0]")  # what is negated binds nothing
        return text

    def compound(self, depth):
        outer = list(self.vars)
        sides = []
        for _ in range(2):
            sides.append("{ %s }" % "; ".join(self.body(1, depth - 1)))
            self.vars = list(outer)
        return (" %s " % self.pick("and", "or")).join(sides)

    def literal(self, depth):
        withs = self.withs()
        choice = self.rng.random()
        if choice < 0.2:
            of = self.rng.choice(TYPES)
            value = self.term(of, depth)
            if self.chance(0.12):
                return "%s := %s" % (self.pattern(2, True), self.opaque())
            return "%s := %s" % (self.new_var(of), value) + withs
        if choice < 0.32:
            value = self.opaque() if self.chance(0.9) else self.term(self.rng.choice("ao"), depth)
            return "%s = %s" % ((self.pattern(2), value) if self.chance(0.6) else (value, self.pattern(2))) + withs
        if choice < 0.44:
            sides = [self.term(self.rng.choice(TYPES), depth), self.opaque()]
            if self.chance(0.4):
                of = self.rng.choice("ns")
                sides = [self.term(of, depth), self.term(of, depth)]
            self.rng.shuffle(sides)
            return "%s %s %s" % (sides[0], self.rng.choice(INFIX), sides[1]) + withs
        if choice < 0.56:
            return self.some_in(depth) if self.keywords else self.declaration(depth)
        if choice < 0.6:
            return self.declaration(depth)
        if choice < 0.65:
            if not self.keywords:
                return self.reference("x")
            sides = [self.term(self.rng.choice(TYPES), 1), self.opaque()]
            if self.chance(0.4):
                sides = [self.opaque(), self.term(self.pick("a", "t", "o"), depth)]
            key = "%s, " % self.pick("0", '"a"', self.opaque()) if self.chance(0.2) else ""
            return "%s%s in %s" % (key, sides[0], sides[1]) + withs
        if choice < 0.7 and self.keywords:
            return self.every(depth)
        if choice < 0.77:
            return self.negation(depth) + withs
        if choice < 0.82:
            return "%s = %s" % (self.dynamic(), self.new_var("x")) if self.chance(0.6) else self.dynamic() + withs
        if choice < 0.85 and self.logic:
            return self.compound(depth)
        if choice < 0.88:
            return "walk(%s, [%s, %s])" % (self.term("o", 1), self.new_var("a"), self.new_var("x"))
        if choice < 0.92:
            name, arguments, of = self.rng.choice(self.builtins)
            return "%s(%s)" % (name, ", ".join([self.operand(k, depth - 1) for k in arguments] + [self.new_var(of)]))
        if choice < 0.95 and self.prints:
            return "print(%s)" % ", ".join(self.term(self.rng.choice(TYPES), 1) for _ in range(self.pick(1, 2))).replace("[_]", "[1]")
        return self.term("b", depth) + withs

    def body(self, count, depth):
        return [self.literal(max(depth, 0)) for _ in range(count)]

    # ---- rules ----

    def word(self, word):
        return (" " + word) if self.keywords else ""

    def branch(self, make_head, count):
        """A head over what its body binds."""
        literals = self.body(count, 2) if count else None
        return (make_head() + (self.word("if") if literals is not None else ""), literals)

    def value(self, of):
        return self.term(of, 1) if self.chance(0.75) else self.scalar(of)

    def start(self):
        self.vars, self.fresh = [], 0

    def complete(self, name, package):
        rules, of = [], self.rng.choice(TYPES)
        if self.chance(0.25):
            rules.append(Rule([("default %s := %s" % (name, self.scalar(of)), None)]))
        same = self.scalar(of) if self.chance(0.5) else None
        for _ in range(self.pick(1, 1, 1, 2, 3, 5)):
            self.start()
            count = self.pick(1, 2, 2, 3, 4)
            branches = [self.branch(lambda: "%s := %s" % (name, same or self.value(of)), count)]
            while self.chance(0.25):
                self.start()
                branches.append(self.branch(lambda: "else := %s" % self.value(of), self.pick(1, 1, 2)))
            rules.append(Rule(branches))
        self.add(package, name, of)
        return rules

    def constants(self, name, package):
        of = self.rng.choice(TYPES)
        self.start()
        rule = Rule([("%s := %s" % (name, self.term(of, 3)), None)])
        self.add(package, name, of)
        return [rule]

    def partial_set(self, name, package):
        rules = []
        for _ in range(self.pick(1, 1, 2, 3)):
            self.start()
            form = "%s contains %s" if self.keywords else "%s[%s]"
            rules.append(Rule([self.branch(lambda: form % (name, self.value(self.rng.choice(TYPES))), self.pick(1, 2, 3))]))
        self.add(package, name, "t")
        return rules

    def key(self):
        return self.variable("s") or self.variable("x") or self.variable("n") or self.scalar(self.pick("s", "n", "b"))

    def partial_object(self, name, package):
        rules = []
        for _ in range(self.pick(1, 1, 2, 3)):
            self.start()
            path = self.deep_path()
            sets = self.keywords and self.chance(0.15)
            form = (lambda: "%s%s contains %s" % (name, path(), self.value("x"))) if sets else (lambda: "%s%s := %s" % (name, path(), self.value("x")))
            rules.append(Rule([self.branch(form, self.pick(1, 2, 2, 3))]))
        self.add(package, name, "o")
        return rules

    def deep_path(self):
        """The steps of a head's reference behind its name: made when the body is known."""
        kinds = [self.rng.random() for _ in range(self.pick(1, 1, 1, 2, 2, 3) if not self.v0 else self.pick(1, 1, 1, 2))]

        def make():
            out = ""
            for k in kinds:
                if k < 0.6:
                    out += "[%s]" % self.key()
                elif k < 0.75:
                    out += "[%s]" % self.pick("1", '"a"', '"b"', "2", "true", "null")
                elif k < 0.95:
                    out += self.pick(".a", ".b", ".k")
                else:
                    out += "[%s]" % self.term("s", 1)
            return out
        return make

    def function(self, name, package):
        rules, of = [], self.rng.choice(TYPES)
        types = [self.rng.choice(TYPES) for _ in range(self.pick(1, 1, 2, 0))]
        if not self.v0 and self.chance(0.15):
            rules.append(Rule([("default %s(%s) := %s" % (name, ", ".join("_" for _ in types), self.scalar(of)), None)]))
        for _ in range(self.pick(1, 1, 2, 3)):
            self.start()
            arguments = []
            for t in types:
                choice = self.rng.random()
                arguments.append(self.scalar(t) if choice < 0.2 else self.pattern(1) if choice < 0.3 else self.new_var(t))
            branches = [self.branch(lambda: "%s(%s) := %s" % (name, ", ".join(arguments), self.value(of)), self.pick(1, 1, 2))]
            bound = list(self.vars)
            while self.chance(0.2):
                self.vars = [v for v in bound if any(v[0] == a for a in arguments)]
                branches.append(self.branch(lambda: "else := %s" % self.value(of), self.pick(1, 1, 2)))
            rules.append(Rule(branches))
        for prefix in {"data.%s." % package, self.local(package)}:
            self.functions.append((prefix + name, types, of))
        return rules

    def local(self, package):
        return ""

    def add(self, package, name, of):
        self.known.append(("data.%s.%s" % (package, name), of))
        self.known.append((name, of))
        if of in "aot":
            self.known.append(("%s[_]" % name, "x"))
        if of == "o" and self.chance(0.5):
            self.known.append(("%s[%s]" % (name, self.pick('"a"', "1", "input.k", "input.n", '"b"', "_")), "x"))
            self.known.append((name + self.pick(".a", ".b", ".k", ".a.b", ".a[_]"), "x"))
        if of == "t":
            self.known.append(("%s[%s]" % (name, self.pick('"a"', "1", "input.k", "_")), "x"))

    def module(self, package, prefix, count):
        """Names of rules of other packages are known by their whole path only."""
        self.known = [k for k in self.known if k[0].startswith("data.")]
        self.functions = [f for f in self.functions if f[0].startswith("data.")]
        imports = []
        self.package, self.logic = package, False
        if self.v0:
            self.keywords = self.chance(0.5)
            if self.keywords:
                imports.append(self.pick("import rego.v1", "import future.keywords"))
                self.logic = imports[0] == "import future.keywords"
                if self.logic and self.chance(0.5):
                    self.logic = False
        elif self.chance(0.25):
            imports.append("import rego.v2")
            self.logic = True
        if self.chance(0.2):
            imports += ["import data.base as base", "import input.x as ix"][:self.pick(1, 2)]
            self.known += [("base.n", "n"), ("base.o", "o")]
            if len(imports) > 1 and imports[-1].endswith("ix"):
                self.known.append(("ix.a", "n"))
        rules = []
        for i in range(count):
            make = self.pick(self.complete, self.complete, self.constants, self.partial_set, self.partial_object, self.partial_object, self.function)
            if self.v0 and not self.keywords and make == self.constants:
                make = self.complete
            rules += make("%s%d" % (prefix, i), package)
        if self.chance(0.1):
            self.rng.shuffle(rules)
        if self.chance(0.2):
            self.start()
            rules.append(Rule([("# METADATA\n# title: t%d\n# custom: {a: [1]}\nmeta := rego.metadata.rule()" % count, None)]))
        return Module(package, imports, rules)


def query(maker, modules):
    """One reference most of the time; else a body."""
    maker.start()
    maker.keywords, maker.logic, maker.package = not maker.v0, False, ""
    known = [r for r, _ in maker.known if r.startswith("data.")]
    maker.known = [k for k in maker.known if k[0].startswith("data.")]
    maker.functions = [f for f in maker.functions if f[0].startswith("data.")]
    choice = maker.rng.random()
    if choice < 0.3:
        return ["x = data.test"]
    if choice < 0.5 and known:
        return ["x = " + maker.rng.choice(known)]
    if choice < 0.6 and known:
        return [maker.rng.choice(known) + maker.withs()]
    if choice < 0.7:
        return [maker.pick("data.lib[x]", "data.test[x]", "data[x][y]", "data.lib[x][y]", "data.test[x][y] = z", "data.lib.sub[x][y][z]", "x = data",
                           "data.base[x] = y", "data.test[input.s]", "data[x].p0 = y", "data.test.r0[x]", "x = [k | data.test[k]]",
                           "x = [k | data.lib[_][k]]", "x = [y | y := data[_][_]]", "data.base[2]", "x = 2; data.base[x]", "x = data.base.o[1]")]
    return maker.body(maker.pick(1, 2, 2, 3), 2)


def make(seed, number):
    rng = random.Random(seed * 1000003 + number)
    rego = "v0" if rng.random() < 0.2 else "v1"
    maker = Maker(rng, rego)
    modules = []
    if rng.random() < 0.6:
        modules.append(maker.module("lib", "p", rng.choice((1, 2, 3))))
    if rng.random() < 0.4:
        modules.append(maker.module("lib.sub", "q", rng.choice((1, 2))))
    modules.append(maker.module("test", "r", rng.choice((1, 2, 3, 4, 5))))
    if rng.random() < 0.2:
        modules.append(maker.module("test", rng.choice("ssssr"), rng.choice((1, 2))))
    asked = query(maker, modules)
    data = json.loads(json.dumps(DATA))
    if rng.random() < 0.15:
        data["test"] = {"x": rng.choice((1, {"a": 2}, [1]))}
    options = {}
    if rng.random() < 0.3:
        options["strict_errors"] = True
    if maker.prints:
        options["prints"] = True
    return Case(number, rego, modules, asked, data, INPUT if rng.random() < 0.92 else None, options)
