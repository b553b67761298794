package grammar

import "strconv"

func sourceShape() *shape {
	return &shape{kind: ObjectKind, name: "data source", fields: []field{
		{key: "file", shape: scalarOf(fileText), required: true, doc: "A .csv file with a header line, or a .json " +
			"file with an array of objects, below this file's folder.", example: "file: accounts.csv"},
		{key: "pick", shape: scalarOf(enum("unique", "next", "random", "once")),
			doc: "unique: a row a user of the run, shards or not; next: the next row each round; random: a drawn row " +
				"each round; once: the next row, and who finds none left leaves.",
			def: "unique", example: "pick: random"},
		{key: "delimiter", shape: scalarOf(delimiterText),
			doc: "Between the fields of a .csv file: one character, or tab.",
			def: "a comma", example: "delimiter: ';'"},
	}}
}

func profileShape() *shape {
	rounds := field{key: "rounds", shape: scalarOf(counts("10", 1, 1_000_000)), example: "rounds: 10",
		doc: "With users: each leaves after this many rounds of its steps, and the run ends when all have left, or " +
			"after its duration.", def: "as many as the duration allows"}
	fields := append(amountFields(), rounds, field{key: "loads", shape: listOf(loadShape()), def: "none",
		doc: "Several loads at the same time, each with its own groups, users or rate, and time.",
		example: "loads: [{name: browse, users: 40, spawn_rate: 4/s, duration: 5m}, " +
			"{name: spike, rate: 20/s, start: 2m, duration: 1m}]"},
		field{key: "try", shape: scalarOf(flagText),
			doc: "Send every step once before the load, to see that it fits the service.",
			def: "true", example: "try: false"})
	return &shape{kind: ObjectKind, name: "profile", one: []string{"users", "rate", "stages", "loads"}, fields: fields}
}

func loadShape() *shape {
	fields := append([]field{
		{key: "name", shape: scalarOf(nameText), required: true, doc: "What rules, reports and --only call it.",
			example: "name: spike"},
		{key: "start", shape: scalarOf(durationText), doc: "Time from the start of the run to its own.", def: "0s",
			example: "start: 2m"},
	}, amountFields()...)
	return &shape{kind: ObjectKind, name: "load", one: []string{"users", "rate", "stages"}, fields: fields}
}

// amountFields are what profiles and loads have in common.
func amountFields() []field {
	pace := choice("number, auto, or map of name to number", scalarOf(orWord(paceText, "auto")),
		mapOf(nameText, scalarOf(paceText)))
	groups := choice("list of names, or map of name to weight", listOf(scalarOf(nameText)),
		mapOf(nameText, scalarOf(weightText)))
	return []field{
		{key: "users", shape: scalarOf(counts("100", 1, 1_000_000)),
			doc: "Closed model: virtual users at once, each waiting for its answer.",
			def: "none", example: "users: 100"},
		{key: "rate", shape: scalarOf(rateText), doc: "Open model: arrivals that come whether answered or not.",
			def: "none", example: "rate: 50/s"},
		{key: "stages", shape: listOf(stageShape()), doc: "Load that changes: each stage continues where the one " +
			"before ended, the first at 0.", def: "none",
			example: "stages: [{users: 20, over: 30s, for: 2m}, {users: 40, for: 2m}]"},
		{key: "spawn_rate", shape: scalarOf(rateText), doc: "With users: how many start until all are there.",
			def: "required with users", example: "spawn_rate: 10/s"},
		{key: "duration", shape: scalarOf(positiveText), doc: "Length of the run, ramp included.",
			def: "required with users and rate; the sum of the stages", example: "duration: 5m"},
		{key: "arrivals", shape: scalarOf(enum("poisson", "even")), doc: "Open model. poisson: at random, as " +
			"independent users come; even: at equal distances.", def: "poisson", example: "arrivals: even"},
		{key: "max_users", shape: scalarOf(counts("500", 1, 1_000_000)), doc: "Open model: users at once at most; an " +
			"arrival that finds all of them busy is dropped; too many make the run inconclusive.",
			def:     strconv.Itoa(DefaultMaxUsers) + ", less where the machine cannot hold them",
			example: "max_users: 500"},
		{key: "warm_up", shape: scalarOf(durationText), doc: "Time at the beginning that is not measured.",
			def: "the longer of 30s and ramp + 10s, at most a quarter of the run", example: "warm_up: 10s"},
		{key: "pace", shape: pace, doc: "Divides think times, for all groups or by group; auto finds the smallest " +
			"that lets every rule decide.", def: "1", example: "pace: auto"},
		{key: "groups", shape: groups, doc: "Groups that this load has, the others send nothing; a map gives them " +
			"other weights.", def: "all, with their own weights", example: "groups: {reader: 3, writer: 1}"},
	}
}

func stageShape() *shape {
	return &shape{kind: ObjectKind, name: "stage", one: []string{"users", "rate"}, fields: []field{
		{key: "users", shape: scalarOf(counts("20", 0, 1_000_000)),
			doc: "Virtual users at its end.", def: "none", example: "users: 20"},
		{key: "rate", shape: scalarOf(levelText), doc: "Arrivals at its end.", def: "none", example: "rate: 50/s"},
		{key: "over", shape: scalarOf(positiveText), doc: "Time to reach that load in a straight line.",
			def: "at once", example: "over: 30s"},
		{key: "for", shape: scalarOf(positiveText), doc: "Time to stay at that load; reported separately.",
			def: "none", example: "for: 2m"},
	}}
}

func waitShape() *shape {
	return choice("duration, range or wait", scalarOf(spanText),
		&shape{kind: ObjectKind, name: "wait", fields: []field{
			{key: "exponential", shape: scalarOf(positiveText), required: true,
				doc:     "Mean of an exponential distribution: most waits are short, and few are long.",
				example: "exponential: 5s"},
			{key: "max", shape: scalarOf(positiveText), doc: "What is longer is this long.",
				def: strconv.Itoa(LongestWait) + " times the mean", example: "max: 30s"},
		}})
}

func groupShape() *shape {
	return &shape{kind: ObjectKind, name: "group", most: []string{"wait", "pacing"}, fields: []field{
		{key: "weight", shape: scalarOf(weightText), doc: "Share of the users, relative to the other groups.",
			def: "1", example: "weight: 40"},
		{key: "wait", shape: waitShape(), doc: "Think time after every request, drawn evenly from a range, or of an " +
			"exponential distribution.", def: "this or pacing is required, unless every profile has a rate",
			example: "wait: 5s..15s"},
		{key: "pacing", shape: scalarOf(spanText), doc: "In place of wait: from the start of a request to the start " +
			"of the next, which follows at once where the answer took longer.", def: "none", example: "pacing: 10s"},
		{key: "order", shape: scalarOf(enum("sequence", "weighted")), doc: "sequence: the steps in turn, again and " +
			"again; weighted: one drawn by its weight each time.", def: "sequence", example: "order: weighted"},
		{key: "headers", shape: headersShape(), doc: "Sent with every step. One that reads a capture is left out of " +
			"start steps that come before it.", def: "none", example: "headers: {Authorization: 'Bearer ${ token }'}"},
		{key: "auth", shape: nearAuth(), doc: "Sent as an Authorization header, by the rules of headers; none: no " +
			"such header of the target.", def: "the target's", example: "auth: {bearer: '${ token }'}"},
		{key: "vars", shape: mapOf(identText, treeShape()), doc: "Values that each user draws once.",
			def: "none", example: "vars: {tutor: '${ int(1, 100) }'}"},
		{key: "start", shape: choice("name of logins, or list of request or step", scalarOf(nameText), stepsShape()),
			doc: "Steps that each user does once, before its first wait; listed apart. A name refers to steps under " +
				"logins.",
			def: "none", example: "start: [POST /login]"},
		{key: "steps", shape: listOf(choice("request, step or transaction", scalarOf(requestText), transactionShape(),
			stepShape())), required: true, doc: "The requests that the users send.",
			example: "steps: [GET /items, POST /items]"},
		{key: "end", shape: stepsShape(), def: "none", example: "end: [POST /logout]",
			doc: "Steps that each user does once, when it leaves or the load ends; listed apart. They see all " +
				"that the user captured."},
	}}
}
