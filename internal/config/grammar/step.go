package grammar

import "fmt"

func multipartShape() *shape {
	part := &shape{kind: ObjectKind, name: "part", one: []string{"file", "text"}, fields: []field{
		{key: "file", shape: scalarOf(fileText), doc: "A file below this file's folder, sent as it is.",
			def: "none", example: "file: report.pdf"},
		{key: "text", shape: scalarOf(templateText), doc: "A text, where it needs one of the keys below.",
			def: "none", example: "text: '{\"id\": ${ seq() }}'"},
		{key: "filename", shape: scalarOf(nameText),
			doc: "What the file is called; with text it makes the text a file.",
			def: "the file's own, without folders", example: "filename: report.pdf"},
		{key: "content_type", shape: scalarOf(mediaText), doc: "Content type of the part.",
			def: "of a file by its name's ending, of a text none", example: "content_type: application/pdf"},
	}}
	return mapOf(nameText, choice("template or part", scalarOf(templateText), part))
}

func stepsShape() *shape {
	return listOf(choice("request or step", scalarOf(requestText), stepShape()))
}

func transactionShape() *shape {
	return &shape{kind: ObjectKind, name: "transaction", mark: "transaction", fields: []field{
		{key: "transaction", shape: scalarOf(nameText), required: true,
			doc: "Its name, for rules and reports.", example: "transaction: checkout"},
		{key: "was", shape: scalarOf(nameText), doc: "Its earlier name: its earlier runs still count.",
			def: "the same", example: "was: buying"},
		{key: "steps", required: true, shape: listOf(choice("request, step or parallel", scalarOf(requestText),
			parallelShape(), stepShape())), doc: "The requests in it, in this order.",
			example: "steps: [GET /cart, POST /orders]"},
		{key: "times", shape: scalarOf(counts("3", 1, 1000)), doc: "Times in a row; for order: sequence.",
			def: "1", example: "times: 3"},
		{key: "weight", shape: scalarOf(weightText), doc: "Share of what is drawn; for order: weighted.",
			def: "1", example: "weight: 3"},
		{key: "each", shape: scalarOf(exprText), def: "do it once", example: "each: ids",
			doc: "Do it once for each element of this list, which its steps read as each. An empty list leaves it " +
				"out."},
	}}
}

func parallelShape() *shape {
	return &shape{kind: ObjectKind, name: "parallel", mark: "parallel", fields: []field{
		{key: "parallel", shape: stepsShape(), required: true, example: "parallel: [GET /app.css, GET /app.js]",
			doc: "Requests that are sent at the same time, over up to six connections of the user."},
	}}
}

func stepShape() *shape {
	return &shape{kind: ObjectKind, name: "step",
		most: []string{"json", "form", "text", "file", "multipart", "graphql"}, fields: []field{
			{key: "request", shape: scalarOf(requestText), required: true,
				doc:     "Method and path, query included; both may contain ${ }.",
				example: "request: 'GET /items/${ int(1, 100) }'"},
			{key: "name", shape: scalarOf(nameText), doc: "The endpoint under which the request is counted.",
				def: "method and path, each ${ x } as {x}", example: `name: "GET /items/{id}"`},
			{key: "was", shape: scalarOf(nameText),
				doc:     "The endpoint's earlier name: its earlier runs still count. Not for start and end steps.",
				def:     "the same",
				example: `was: "GET /items/{id}"`},
			{key: "times", shape: scalarOf(counts("3", 1, 1000)),
				doc: "Requests in a row; for order: sequence.", def: "1", example: "times: 3"},
			{key: "weight", shape: scalarOf(weightText), doc: "Share of the requests; for order: weighted.",
				def: "1", example: "weight: 3"},
			{key: "wait", shape: waitShape(), def: "the group's", example: "wait: 3s",
				doc: "Think time after this step. In a transaction there is no other, except after its last step."},
			{key: "headers", shape: headersShape(), doc: "Of this step; the nearest of step, group and target wins.",
				def: "none", example: "headers: {X-Request-Id: '${ uuid() }'}"},
			{key: "auth", shape: nearAuth(), doc: "Of this step; none: no Authorization header of group and target.",
				def: "the group's", example: "auth: none"},
			{key: "json", shape: treeShape(), doc: "A JSON body; a value that is one ${ } keeps its type.",
				def: "none", example: "json: {rating: '${ int(3, 5) }'}"},
			{key: "form", shape: mapOf(nameText, choice("template or list of template", scalarOf(templateText),
				listOf(scalarOf(templateText)))), doc: "A form body, URL-encoded; a list sends its name several times.",
				def: "none", example: "form: {username: ada, password: '${ password }', tag: [new, sale]}"},
			{key: "text", shape: scalarOf(templateText), doc: "A text body.",
				def: "none", example: "text: 'hello ${ name }'"},
			{key: "file", shape: scalarOf(fileText), doc: "A body from a file below this file's folder, sent as it is.",
				def: "none", example: "file: invoice.xml"},
			{key: "multipart", shape: multipartShape(),
				doc: "A multipart/form-data body: texts and files, in this order.",
				def: "none", example: "multipart: {title: 'report ${ seq() }', file: {file: report.pdf}}"},
			{key: "graphql", shape: graphQLShape(), def: "none",
				doc: "An operation of GraphQL, as a JSON body of POST; an answer with errors in it is a failure.",
				example: "graphql: {query: 'query Item($id: ID!) { item(id: $id) { name } }', " +
					"variables: {id: '${ id }'}}"},
			{key: "content_type", shape: scalarOf(mediaText), doc: "Content type of the body.",
				def: "by the kind of body", example: "content_type: application/xml"},
			{key: "when", shape: scalarOf(exprText),
				doc: "Send the request only when this is true; a request left out has no wait.",
				def: "always", example: "when: 'session != nil'"},
			{key: "expect", shape: scalarOf(exprText), doc: "What makes the answer a success.",
				def: "a 2xx status", example: "expect: 'status in [200, 201]'"},
			{
				key: "capture", shape: mapOf(identText, captureShape()),
				def: "none", example: "capture: {session: body.id}",
				doc: "Values of the answer that later steps may use; nil until captured. One that cannot be captured " +
					"again stays, unless keep: false.",
			},
			{
				key: "retry", shape: retryShape(), def: "off; of a start, end or teardown step {times: 3, wait: 1s}",
				example: "retry: {times: 2, wait: 500ms}",
				doc: "Send it again when it failed in a way that may pass: no answer, 5xx, 429 or a false " +
					"expect. Each attempt counts as a request.",
			},
			{key: "each", shape: scalarOf(exprText), def: "send it once", example: "each: ids",
				doc: "Send it once for each element of this list, which its other keys read as each. An empty list " +
					"leaves the step out."},
			{key: "until", shape: scalarOf(exprText), def: "send it once", example: `until: 'body.state == "done"'`,
				doc: "Send it again and again until this is true of the answer. Each attempt counts as a request; " +
					"captures are those of the last."},
			{key: "every", shape: scalarOf(positiveText), doc: "With until: from an answer to the next attempt.",
				def: "1s", example: "every: 500ms"},
			{key: "within", shape: scalarOf(positiveText), def: "1m", example: "within: 30s",
				doc: "With until: the time for all attempts. If it is over, the last answer counts as a failure."},
			{key: "events", shape: scalarOf(orWord(counts("10", 1, 1_000_000), "all")), def: "no stream",
				example: "events: 10", doc: "Read the answer as a stream of Server-Sent Events until this many have " +
					"come; all: until the service ends it."},
			{key: "for", shape: scalarOf(positiveText), def: "no stream", example: "for: 30s",
				doc: "Read the answer as a stream of Server-Sent Events for so long. With events: the first of both."},
			{key: "ws", shape: listOf(talkShape()), def: "no WebSocket",
				example: "ws: [{send: hello, expect: 'body == \"hello\"', name: echo}]",
				doc:     "The request begins a WebSocket: what is done on it, in this order; then it is closed."},
			{key: "follow", shape: scalarOf(flagText), doc: "Follow redirects to allowed hosts.",
				def: "false", example: "follow: true"},
			{key: "secret", shape: scalarOf(flagText),
				doc: "Never show or keep this request, its answer or what it captures.",
				def: "false", example: "secret: true"},
			{key: "try", shape: scalarOf(flagText), doc: "Send this step once before the load.",
				def: "true", example: "try: false"},
			{key: "timeout", shape: scalarOf(positiveText), doc: "Timeout of this request.",
				def: "the target's", example: "timeout: 30s"},
		}}
}

func captureShape() *shape {
	return choice("expression or capture", scalarOf(exprText),
		&shape{kind: ObjectKind, name: "capture", fields: []field{
			{key: "from", shape: scalarOf(exprText), required: true,
				doc: "The value.", example: "from: body.access_token"},
			{key: "keep", shape: scalarOf(flagText), def: "true", doc: "Keep the older value when the step fails.",
				example: "keep: false"},
		}})
}

func retryShape() *shape {
	off := &scalar{name: "off", json: "string", example: "off",
		pattern: wholeText("off"), parse: func(text string) (any, error) {
			if text != "off" {
				return nil, fmt.Errorf("%q is not a retry; write off, or {times: 3, wait: 1s}", text)
			}
			return text, nil
		}}
	return choice("off or retry", scalarOf(off), &shape{kind: ObjectKind, name: "retry", fields: []field{
		{key: "times", shape: scalarOf(counts("3", 1, 100)), def: "3",
			doc: "Further attempts at most.", example: "times: 2"},
		{key: "wait", shape: scalarOf(durationText), def: "1s", doc: "Between an answer and the next attempt.",
			example: "wait: 500ms"},
	}})
}
