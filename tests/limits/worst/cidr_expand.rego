# All addresses there are.
package test

p := count(net.cidr_expand("0.0.0.0/0"))
