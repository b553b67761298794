package wording

import "github.com/loadgate/loadgate/internal/reason"

var limitWords = table{
	reason.LimitBroken:   {says: "{value}[; {interval}]", many: "{value}"},
	reason.WarningBroken: {says: "{value}[; {interval}]", many: "{value}"},
	reason.LimitGenerator: {
		says:  "{value}, but the generator was {was:title} and may be the reason",
		brief: "generator was {was:title}",
	},
	reason.LimitGeneratorCPU: {
		says: "{value}, but not without the seconds in which the generator was throttled, or the host took its " +
			"processor time",
		brief: "the generator was held by its machine",
		todo:  "raise the generator's CPU limit, or give it a machine of its own, and run again",
	},
	reason.LimitProbe: {
		says: "{value}, but not without the seconds in which a probe of loadgate was read, which may have " +
			"blocked the service",
		brief: "a probe of loadgate was read",
		todo:  "write a longer every for the probe, or leave it out of the test, and run again",
	},
	reason.LimitMachine: {
		says:  "{value}, but the generator's machine refused connections that never reached the service",
		brief: "generator's machine refused connections",
		todo:  tooFewFiles + ", and run again",
	},
	reason.LimitShards: {
		says:  "{value}, but shards of the run are missing, and the rates of shards add up",
		brief: "shards of the run are missing",
		todo:  "give the results of all shards to loadgate check",
	},
	reason.LimitRounded: {
		says: "{value}, but {tool} rounds: the true value lies between {low} and {high}",
		many: "{value}, but {tool} rounds: the true value may be on the other side",
		todo: "a limit further away, or loadgate's own run, decides",
	},
	reason.LimitOutage: {
		says: "{value}; the outage {when} alone breaks it",
		todo: seeFailures,
	},
	reason.LimitFrozen: {
		says: "{value}; {stretch}[. Users who wait do not ask, so of the requests that were made it is {of_requests}]",
		todo: "look for what stopped the service then; of: requests judges only the requests that were made",
		many: "{value}; {stretch}",
	},
	reason.LimitArrivals: {
		says: "{value}, but of arrivals it is {of_arrivals}: users who wait do not ask, so slow answers " +
			"represent more users than their number shows",
		brief: "of arrivals it is {of_arrivals}",
		many: "{value}, but not of arrivals: users who wait do not ask, so slow answers represent more users than " +
			"their number shows",
		todo: "judge it under a load of arrivals (rate), which no slow answer holds back; or write of: requests",
	},
	reason.LimitBursts: {
		says: "{value}, by a wide margin: {above} of {requests:request} exceed it; they came in bursts, which " +
			"leaves it unproven",
		many: "{value}, by a wide margin; their requests came in bursts, which leaves it unproven",
	},
	reason.LimitNear: {
		says: "{value}, but that is not shown: {interval}", brief: "not shown",
		many: "{value}, but that is not shown",
	},
	reason.LimitUnproven: {
		says: "{value}, but that is not proven: {interval}", brief: "not proven",
		many: "{value}, but that is not proven",
	},
	reason.TooFewRequests: {
		says: "too few requests: {requests:digits}, {metric} needs at least {needed:digits}",
		many: "too few requests for {metric}",
	},
	reason.RequestsInBursts: {
		says: "{requests:request} came in bursts and count as only {effective:digits} independent requests; " +
			"{needed:digits} are needed for {metric}",
		many: "requests came in bursts and count as too few independent requests for {metric}",
	},
	reason.RequestsInParts: {
		says: "{requests:request} fell into {filled} of {parts} parts of the run and do not represent the rest",
		many: "requests fell into some parts of the run and do not represent the rest",
	},
	reason.RunTooShort: {
		says: "run too short: {measured} were measured, an interval needs {least}",
		todo: "run [load {load} for ]at least {needed}, the warm-up of {warm_up} included; for failures alone ten " +
			"seconds do: --smoke",
	},
	reason.StageTooShort: {
		says: "stage too short: {measured} measured, an interval needs {least}",
		todo: "hold each level for at least {least} after the warm-up",
	},
	reason.StartsTooShort: {
		says: "{requests:request} were sent within {measured}, as users came or left; an interval needs them spread " +
			"over {least}",
		many: "requests were sent as users came or left, within less than the {least} that an interval needs",
		todo: "let users come more slowly (spawn_rate) and leave in a stage, or judge values only (decide: point)",
	},
	reason.AllFailed: {
		says: "all {requests:request} failed, so there is no {metric} to judge",
		many: "all requests failed, so there is no {metric} to judge",
	},
	reason.NothingMeasured: {says: "no request was measured"},
	reason.NoFirstByte: {
		says: "the result has no {metric}: the file of its run had no rule about the time to the first byte",
	},
	reason.NothingArrived: {
		says: "no request reached the service",
		todo: tooFewFiles,
	},
	reason.JudgedByValue: {says: "judged by its value: so short a run has no interval"},
	reason.Kept:          {says: "the limit is kept"},
	reason.Unexplained:   {says: "no reason was given"},
	reason.HoldsByValue:  {says: "holds by its value; the interval does not show it"},
	reason.NoRuleApplies: {
		says: "no rule of the file holds in profile {profile:quoted}, so nothing was judged",
		todo: "add a rule under thresholds:, or take the profile off the list of one",
	},
	reason.NoSuchLoad: {
		says: "this result has no load {loads}",
		todo: "run it with this file: the result is of other loads, or of a tool that does not tell loads apart",
	},
	reason.PatternUnmatched: {says: "no endpoint of this result matches {pattern:quoted}"},

	reason.ValueAbove: {
		says: "{metric} is {value:beside limit}, above the limit of {limit:exact}",
		many: "{metric} is above the limit",
	},
	reason.ValueWithin: {
		says: "{metric} is {value:beside limit}, within the limit of {limit:exact}",
		many: "{metric} is within the limit",
	},
	reason.ValueReaches: {
		says: "{metric} is {value:beside limit}, reaching the floor of {limit:exact}",
		many: "{metric} reaches the floor",
	},
	reason.ValueBelow: {
		says: "{metric} is {value:beside limit}, below the floor of {limit:exact}",
		many: "{metric} is below the floor",
	},
	reason.ArrivalsAbove: {
		says: "{metric} of arrivals is {value}, above the limit of {limit:exact}",
		many: "{metric} of arrivals is above the limit",
	},
	reason.SoFar: {says: "so far {value}"},
	reason.Interval: {
		says: "the {confidence} interval of {requests:request} reaches from {low} to {high}",
	},
	reason.IntervalFrom: {
		says: "the {confidence} interval of {requests:request} begins at {low} and has no upper end",
	},
	reason.IntervalUpTo: {
		says: "the {confidence} interval of {requests:request} ends at {high} and has no lower end",
	},
	reason.IntervalNone:    {says: "{requests:request} gave no interval"},
	reason.SlowestEndpoint: {says: "slowest is {endpoint}, {value} of {requests:request}"},
	reason.FailedUncounted: {
		says: "{failed:request} failed and do not count", many: "requests that failed do not count",
	},
	reason.SilentSince: {
		says: "the target stopped answering[ at {at}]",
		todo: "look at the service's log and memory at that time; fewer users show what it can carry",
	},
	reason.OutageMeanwhile: {
		says: "there was an outage, {when}", todo: "fix what caused the outage first: see its own line",
	},
	reason.RequestsFailed: {says: "{failed} of {requests:request} failed"},
}
