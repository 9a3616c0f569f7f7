# A pattern that is slow on each of many properties.
package test

p := json.match_schema({sprintf("%daaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", [i]): i | some i in numbers.range(1, 20000)}, {"patternProperties": {"^[0-9]*(a|a|aa)*$": {"type": "string"}}})
