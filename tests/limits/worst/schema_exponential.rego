# allOf within allOf: every level validates the one below twice.
package test

p := json.match_schema({"a": 1}, {"definitions": object.union({"d0": {"type": "string"}}, {sprintf("d%d", [i]): {"anyOf": [{"$ref": sprintf("#/definitions/d%d", [i - 1])}, {"$ref": sprintf("#/definitions/d%d", [i - 1])}]} | some i in numbers.range(1, 40)}), "$ref": "#/definitions/d40"})
