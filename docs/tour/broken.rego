package policy

allow if {
	measurement in data.reference.measurements
}
