/* SPDX-License-Identifier: Apache-2.0
 *
 * strings.render_template: answers and errors are those of OPA 1.22.2, that is, of Go's text/template.
 */
#include "tests/unit/call_builtin.h"

static const struct bi_host host = {0};

static const struct call_row fields_and_pipes_rows[] = {
    {"strings.render_template",
     "[\"Hello {{.x}}!\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},"
     "\"t\":true,\"e\":[]}]",
     "\"Hello v<>!\""},
    {"strings.render_template",
     "[\"{{.miss}} {{.miss.y}} {{index .list 2}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj"
     "\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"<undefined> <undefined> <undefined>\""},
    {"strings.render_template",
     "[\"{{.obj.b.c | printf \\\"%q\\\"}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep"
     "\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"\\\"deep\\\"\""},
    {"strings.render_template",
     "[\"{{$v := .n}}{{$v}}{{$v = 7}}{{$v}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"dee"
     "p\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"57\""},
    {"strings.render_template",
     "[\"{{(index .list 1)}}{{len .list}}{{len .x}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj"
     "\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"a33\""},
    {"strings.render_template",
     "[\"{{print 1 2 \\\"a\\\" 3}}|{{println .x}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj"
     "\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"1 2a3|v<>\\n\""},
    {"strings.render_template",
     "[\"{{html .x}} {{js .x}} {{urlquery .x}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj"
     "\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"v&lt;&gt; v\\\\u003C\\\\u003E v%3C%3E\""},
    {"strings.render_template",
     "[\"{{slice .x 1 2}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},"
     "\"t\":true,\"e\":[]}]",
     "\"<\""},
    {"strings.render_template",
     "[\"{{.}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "\"map[e:[] list:[1 a <nil>] n:5 obj:map[a:2 b:map[c:deep]] t:true x:v<>]\""},
    {"strings.render_template",
     "[\"{{printf \\\"%d %s %v\\\" .n .n .list}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj"
     "\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"%!d(json.Number=5) 5 [1 a <nil>]\""},
    {"strings.render_template",
     "[\"{{1.5}} {{'a'}} {{0x10}} {{1e3}} {{`r`}} {{\\\"\\\\u00e4\\\"}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null]"
     ",\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"1.5 97 16 1000 r ä\""},
};

Test(template, fields_and_pipes)
{
    call_check_all(fields_and_pipes_rows, COUNT_OF(fields_and_pipes_rows), &host);
}

static const struct call_row control_rows[] = {
    {"strings.render_template",
     "[\"{{if .t}}y{{else}}n{{end}}{{if .e}}y{{else if .n}}m{{else}}n{{end}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,"
     "\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"ym\""},
    {"strings.render_template",
     "[\"{{range .list}}[{{.}}]{{end}}{{range .e}}x{{else}}none{{end}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],"
     "\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"[1][a][<undefined>]none\""},
    {"strings.render_template",
     "[\"{{range $i, $v := .list}}{{$i}}={{$v}},{{end}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj"
     "\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"0=1,1=a,2=<undefined>,\""},
    {"strings.render_template",
     "[\"{{range $k, $v := .obj}}{{$k}} {{end}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj"
     "\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"a b \""},
    {"strings.render_template",
     "[\"{{range 3}}{{.}}{{end}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep"
     "\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"012\""},
    {"strings.render_template",
     "[\"{{range .list}}{{break}}{{end}}{{range .list}}{{continue}}x{{end}}ok\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,"
     "\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"ok\""},
    {"strings.render_template",
     "[\"{{with .obj}}{{.a}}{{else}}z{{end}}{{with $q := .x}}{{$q}}{{end}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",nu"
     "ll],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"2v<>\""},
    {"strings.render_template",
     "[\"{{define \\\"T\\\"}}<{{.}}>{{end}}{{template \\\"T\\\" .x}}{{block \\\"B\\\" .n}}({{.}}){{end}}\", {\"x\":\"v<>"
     "\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"<v<>>(5)\""},
    {"strings.render_template",
     "[\"a {{- .x -}} b {{/* c */}} d\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep"
     "\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"av<>b  d\""},
    {"strings.render_template",
     "[\"{{and .t .n}} {{or .e .x}} {{not .t}} {{eq .x \\\"v<>\\\" }} {{ne 1 2}} {{lt 1 2}} {{ge 2 2}}\", {\"x\":\"v<>"
     "\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "\"5 v<> false true true true true\""},
};

Test(template, control)
{
    call_check_all(control_rows, COUNT_OF(control_rows), &host);
}

static const struct call_row errors_tell_the_place_rows[] = {
    {"strings.render_template",
     "[\"{{.x\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1: unclosed action"},
    {"strings.render_template",
     "[\"{{if .x}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1: unexpected EOF"},
    {"strings.render_template",
     "[\"{{end}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1: unexpected {{end}}"},
    {"strings.render_template",
     "[\"{{.x.y}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1:4: executing \"template\" at <.x.y>: can't evaluate field y in type interface {}"},
    {"strings.render_template",
     "[\"{{foo}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1: function \"foo\" not defined"},
    {"strings.render_template",
     "[\"{{$q}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1: undefined variable \"$q\""},
    {"strings.render_template",
     "[\"{{len 3}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1:2: executing \"template\" at <len 3>: error calling len: len of type int"},
    {"strings.render_template",
     "[\"{{index .list 9}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},"
     "\"t\":true,\"e\":[]}]",
     "!template: template:1:2: executing \"template\" at <index .list 9>: error calling index: index out of range: 9"},
    {"strings.render_template",
     "[\"{{index .list \\\"a\\\"}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep"
     "\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "!template: template:1:2: executing \"template\" at <index .list \"a\">: error calling index: cannot index slice/arr"
     "ay with type string"},
    {"strings.render_template",
     "[\"{{eq .n 5}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":tru"
     "e,\"e\":[]}]",
     "!template: template:1:2: executing \"template\" at <eq .n 5>: error calling eq: incompatible types for comparison: "
     "json.Number and int"},
    {"strings.render_template",
     "[\"{{lt .t .t}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":tr"
     "ue,\"e\":[]}]",
     "!template: template:1:2: executing \"template\" at <lt .t .t>: error calling lt: invalid type for comparison"},
    {"strings.render_template",
     "[\"{{template \\\"no\\\"}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep"
     "\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "!template: template:1:11: executing \"template\" at <{{template \"no\"}}>: template \"no\" not defined"},
    {"strings.render_template",
     "[\"{{range .n}}{{end}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},"
     "\"t\":true,\"e\":[]}]",
     "!template: template:1:8: executing \"template\" at <.n>: range can't iterate over 5"},
    {"strings.render_template",
     "[\"{{nil}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1:2: executing \"template\" at <nil>: nil is not a command"},
    {"strings.render_template",
     "[\"{{1 2}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1:2: executing \"template\" at <1>: can't give argument to non-function 1"},
    {"strings.render_template",
     "[\"{{.x 1}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1:2: executing \"template\" at <.x>: x is not a method but has arguments"},
    {"strings.render_template",
     "[\"{{printf .n}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},"
     "\"t\":true,\"e\":[]}]",
     "!template: template:1:9: executing \"template\" at <.n>: wrong type for value; expected string; got json.Number"},
    {"strings.render_template",
     "[\"{{len}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1:2: executing \"template\" at <len>: wrong number of args for len: want 1 got 0"},
    {"strings.render_template",
     "[\"{{\\\"a}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1: unterminated quoted string"},
    {"strings.render_template",
     "[\"{{'ab'}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1: malformed character constant: 'ab'"},
    {"strings.render_template",
     "[\"{{99999999999999999999}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep"
     "\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "!template: template:1: integer overflow: \"99999999999999999999\""},
    {"strings.render_template",
     "[\"{{break}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1: {{break}} outside {{range}}"},
    {"strings.render_template",
     "[\"{{/* a}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1: unclosed comment"},
    {"strings.render_template",
     "[\"{{.a!}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,"
     "\"e\":[]}]",
     "!template: template:1: bad character U+0021 '!'"},
    {"strings.render_template",
     "[\"a\\n{{\\n.x.y\\n}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},"
     "\"t\":true,\"e\":[]}]",
     "!template: template:3:2: executing \"template\" at <.x.y>: can't evaluate field y in type interface {}"},
    {"strings.render_template",
     "[\"{{call .x}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":tru"
     "e,\"e\":[]}]",
     "!template: template:1:2: executing \"template\" at <call .x>: error calling call: non-function .x of type string"},
    {"strings.render_template",
     "[\"{{define \\\"a\\\"}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},"
     "\"t\":true,\"e\":[]}]",
     "!template: template:1: unexpected EOF"},
    {"strings.render_template",
     "[\"{{.x | 1}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true"
     ",\"e\":[]}]",
     "!template: template:1: non executable command in pipeline stage 2"},
    {"strings.render_template",
     "[\"{{range $a, $b, $c := .list}}{{end}}\", {\"x\":\"v<>\",\"n\":5,\"list\":[1,\"a\",null],\"obj"
     "\":{\"b\":{\"c\":\"deep\"},\"a\":2},\"t\":true,\"e\":[]}]",
     "!template: template:1: too many declarations in range"},
};

Test(template, errors_tell_the_place)
{
    call_check_all(errors_tell_the_place_rows, COUNT_OF(errors_tell_the_place_rows), &host);
}

static const struct call_row what_has_no_json_text_is_refused_rows[] = {
    {"strings.render_template", "[\"x\", {\"a\":\"\\u0001\"}]", "!invalid character 'x' in string escape code"},
    {"strings.render_template", "[\"x\", {\"a\":\"\\u0007\"}]", "!invalid character 'a' in string escape code"},
    {"strings.render_template", "[\"x\", {\"a\":\"ok\\u00a0\\n\"}]", "\"x\""},
    {"strings.render_template", "[\"x\", {}]", "\"x\""},
    {"strings.render_template", "[1, {}]", "!operand 1 must be string but got number"},
    {"strings.render_template", "[\"x\", []]", "!operand 2 must be object but got array"},
};

Test(template, what_has_no_json_text_is_refused)
{
    call_check_all(what_has_no_json_text_is_refused_rows, COUNT_OF(what_has_no_json_text_is_refused_rows), &host);
}
