package wording

import "github.com/loadgate/loadgate/internal/reason"

var resourceWords = table{
	reason.ResourceUnread: {
		says: "this result has no readings of this resource",
		todo: judgeWithItsFile,
	},
	reason.ResourceSkipped: {says: "left out: {why}"},
	reason.ResourceUnlooked: {
		says: "it was not looked at in the time that counts", todo: moreReadings,
	},
	reason.ResourceUnmeasured: {says: "not measured: {looks}"},
	reason.ResourceUncounted: {
		says: "not measured: 0 of 0, its counters did not move under the load",
		todo: "see whether the service really uses it, and counts there",
	},
	reason.ResourceFewReadings: {
		says: "too few readings: {readings}, {needed} are needed",
		todo: "write a shorter every (it is {every:compact}), or run longer",
	},
	reason.ResourceBroken: {
		says: "{beyond} of {readings} readings are {side} the limit, the worst {worst} at {at}",
	},
	reason.ResourceTotalBroken: {says: "{value} is {side} the limit"},
	reason.ResourceProbe: {
		says: "{broken}; but reading it blocks the service, and that may be why",
		todo: "write a longer every for the probe, or leave it out of the test, and run again",
	},
	reason.ResourceSilent:   {says: "not measured since {since}: {problem}; before that {value}"},
	reason.ResourceHalfRead: {says: "only part of the readings succeeded: {looks}"},
	reason.ResourceAlwaysZero: {
		says: "not measured: all {readings} readings were 0, as if the service never sets it",
		todo: zeroFigure,
	},
	reason.ResourceWarning:     {says: "{side} the warning of {warning}; it fails at {limit}"},
	reason.ResourceLooksFailed: {says: "{looks}"},
	reason.ResourceNeverMoved: {
		says: "it never moved: all {readings} readings are {value}",
		todo: zeroFigure,
	},
	reason.ResourceGrows: {
		says: "it grows with the run: from {from} to {to} ({rise:rise} more), which is {hourly} an hour[; at " +
			"that pace it is at {limit} in {left}]",
		todo: "look for what is kept and never released; run for half an hour or more to see where it ends",
	},
	reason.ResourceGrowthUnknown: {
		says: "whether it grows is not known: {readings} readings, in fewer than {needed} of {parts} parts of the run",
		todo: moreReadings,
	},
	reason.ResourcesWatched: {says: "{resources}"},
	reason.ResourceFigure:   {says: "{resource} {value}[ ({figure})][, and {generator}]"},
	reason.GeneratorShare: {
		says: "the generator itself took {share} of the processors that it may use",
	},
	reason.LooksFailed: {says: "{failed} of {looks} readings failed, the first at {at}: {problem}"},

	reason.SeeHostCPU: {
		todo: "see which process takes it; if it is the generator, run it on another machine",
	},
	reason.SeeConnections: {
		todo: "look for transactions that stay open and for slow queries; enlarge the pool only then",
	},
	reason.SeeHits:     {todo: "look at what is cached, for how long, and whether its keys repeat"},
	reason.SeeMemory:   {todo: "look at what is kept: caches without a bound, sessions, buffers"},
	reason.SeeResource: {todo: "look at what uses it at that load"},
	reason.SeeWhatHappened: {
		todo: "look at what happened to it then; it is read from {place}",
	},
	reason.SeeUnstable: {
		todo: "see whether it is read from a service that restarts, or with several workers",
	},
}
