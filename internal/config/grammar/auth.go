package grammar

func authShape() *shape {
	who := &shape{kind: ObjectKind, name: "user and password", fields: []field{
		{key: "username", shape: scalarOf(templateText), required: true,
			doc: "The user's name, without a colon.", example: "username: ada"},
		{key: "password", shape: scalarOf(templateText), required: true,
			doc: "The user's password.", example: `password: '${ env("PASSWORD") }'`},
	}}
	return &shape{kind: ObjectKind, name: "auth", one: []string{"basic", "bearer", "digest"}, fields: []field{
		{key: "basic", shape: who, doc: "Basic authentication: name and password.",
			def: "none", example: `basic: {username: ada, password: '${ env("PASSWORD") }'}`},
		{key: "bearer", shape: scalarOf(templateText), doc: "A bearer token, without the word Bearer.",
			def: "none", example: "bearer: '${ token }'"},
		{key: "digest", shape: who, doc: "Digest authentication: the first request is sent again with the answer to " +
			"the service's challenge.",
			def: "none", example: `digest: {username: ada, password: '${ env("PASSWORD") }'}`},
	}}
}

// nearAuth is auth in a place that a wider one reaches: it may be none.
func nearAuth() *shape {
	none := &scalar{name: "word", json: "string", example: "none", enum: []string{"none"}, parse: asWritten}
	return choice("auth or none", scalarOf(none), authShape())
}
