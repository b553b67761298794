package wording

import "github.com/loadgate/loadgate/internal/reason"

var loadWords = table{
	reason.ArrivalsDropped: {
		brief: sentOf,
		says: "the planned rate was {asked}; the generator sent {sent}: {missing} of {due} arrivals were dropped, " +
			"while it was {was:title}",
	},
	reason.ArrivalsDroppedWaiting: {
		brief: sentOf,
		says: "the planned rate was {asked}; the generator sent {sent}: {missing} of {due} arrivals were dropped, " +
			"while all of its {users:user} were waiting for answers",
		todo: "the service is slower than this rate allows for: lower the rate, or raise max_users to see how " +
			"slow it gets",
	},
	reason.LoadLate: {
		brief: "only {made} of the load was made",
		says: "the generator was so late that its users made only {made} of their load: this is not the load " +
			"that was to be judged; {sent}",
	},
	reason.LoadUnexplained: {
		says: "the generator was {was:title}, and {sent} ({made}), which waiting for answers does not explain " +
			"({waiting} of the users' time): this may not be the load that was to be judged",
	},
	reason.LoadUsersWaited: {
		says: "{sent} ({made}): users waited for {awaited} for {waiting} of their time, in which they make no " +
			"other request",
		todo: "look for slow endpoints; use more users for the planned load, or arrivals (rate), which do not wait",
	},
	reason.LoadStepsLeftOut: {
		says: "{sent} ({made}), and waiting for answers took only {waiting} of the users' time: steps were left out",
		todo: "look for steps whose \"when\" is false, or that were not sent because a step before them captured " +
			"nothing",
	},
	reason.RequestsMade: {
		says: "[{made} of {planned} planned requests were made|{made:request} were made, as many as {users:user} " +
			"could]",
	},
	reason.WaitForAnswers: {says: "answers"},
	reason.WaitForRepeats: {says: "answers, and to send steps again,"},
	reason.RequestsUnsent: {
		says: "{requests:request} of [{endpoint}|{endpoints:endpoint}] were not sent: {why}[ ({users:user} of {of})]",
		todo: "see why the step before them captured nothing; its own failures are judged at its endpoint",
	},
	reason.ExpressionWithoutValue: {says: "an expression of their step has no value"},
	reason.EndpointsUnasked: {
		says: "no request came to {count:endpoint} in {measured}: {endpoints}",
		todo: "see what keeps their steps back: loadgate try; or run without --smoke, which takes longer",
	},
	reason.BreakingPoint: {
		says: "{rule} breaks at [{users:user}|{rate}]: {missed}; {before}",
		todo: "look at what the service waits for at that load; the stages below the table show how it got there",
	},
	reason.LimitsHeld:  {says: "the limits held at [{users:user}|{rate}]"},
	reason.NoStageHeld: {says: "no stage before it was shown to hold"},
}

// sentOf is a rate that was not made, for where a semicolon would begin something else.
const sentOf = "the generator sent {sent} of the planned {asked}"
