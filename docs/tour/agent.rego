# What a guest lets its host ask for: containers of known images with a known command, no shells, logs but not files.
package agent_policy

default CreateContainerRequest := false

default ExecProcessRequest := false

default ReadStreamRequest := true

default CopyFileRequest := false

CreateContainerRequest if {
	some allowed in containers
	input.image == allowed.image
	input.process.args == allowed.args
	every mount in input.mounts {
		some prefix in allowed.mounts
		startswith(mount.destination, prefix)
		not contains(mount.destination, "..")
	}
}

containers := [{
	"image": "registry.example/pay/api@sha256:0b5f",
	"args": ["/usr/bin/api", "--port", "8443"],
	"mounts": ["/run/secrets/", "/tmp/"],
}]
