# Operations at the front of a long array.
package test

p := count(json.patch(numbers.range(1, 100000), [{"op": "add", "path": "/0", "value": i} | some i in numbers.range(1, 100000)]))
