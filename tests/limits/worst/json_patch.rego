# A long list of operations, each of which copies what the one before made into it.
package test

p := count(json.marshal(json.patch({"a": [1]}, [o | some i in numbers.range(1, 40); o := {"op": "copy", "from": "/a", "path": sprintf("/a/%s", ["-"])}])))
