# Which workload gets the secret: the right kind of machine, a measurement we know, no debugger.
package policy

default allow := false

allow if {
	input.tee == "snp"
	input.measurement in data.reference.measurements
	not debug
}

debug if input.policy.debug_allowed
