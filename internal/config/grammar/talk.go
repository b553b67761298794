package grammar

// talkShape is one thing that is done on a WebSocket.
func talkShape() *shape {
	json := &shape{kind: ObjectKind, name: "message", fields: []field{
		{key: "json", shape: treeShape(), required: true, doc: "A JSON value; one that is one ${ } keeps its type.",
			example: "json: {text: 'hello ${ seq() }'}"}}}
	return &shape{kind: ObjectKind, name: "ws", fields: []field{
		{key: "send", shape: choice("template or message", scalarOf(templateText), json), def: "nothing",
			example: "send: {json: {text: hello}}", doc: "A message to send: a text, or a JSON value."},
		{key: "expect", shape: scalarOf(exprText), def: "none", example: `expect: 'body.type == "ack"'`,
			doc: "Wait for the next message of which this is true, as body; others before it are left out."},
		{key: "within", shape: scalarOf(positiveText), def: "the timeout of the step", example: "within: 2s",
			doc: "With expect: how long to wait for that message."},
		{key: "name", shape: scalarOf(nameText), def: "not measured", example: "name: echo",
			doc: "With expect: the row of the time from the last message sent until that one, after the name of the " +
				"endpoint."},
		{key: "capture", shape: mapOf(identText, captureShape()), def: "none", example: "capture: {id: body.id}",
			doc: "With expect: values of that message that later items and steps may use."},
		{key: "wait", shape: scalarOf(positiveText), def: "none", example: "wait: 5s",
			doc: "A pause, in an item of its own. What comes during it is kept for the next expect."},
	}}
}
