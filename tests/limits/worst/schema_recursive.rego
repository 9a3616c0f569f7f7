# A schema that refers to itself, on a deep document.
package test

p := json.match_schema(json.unmarshal(concat("", [concat("", ["[" | some _ in r]), concat("", ["]" | some _ in r])])), {"$ref": "#/definitions/a", "definitions": {"a": {"anyOf": [{"items": {"$ref": "#/definitions/a"}}, {"items": {"$ref": "#/definitions/a"}}], "not": {"type": "string"}}}})

r := numbers.range(1, 100)
