package wording

import "github.com/loadgate/loadgate/internal/reason"

// failedThen is a time in which requests failed.
const failedThen = "{when}: {failed} of {requests:request} failed, [{endpoints:named}|of all endpoints]"

// endedShard is a part of a run that did not come to its end.
const endedShard = "shard {shard} {end} at {at:clock} of {planned:clock}: " +
	"[{users} of {all:user} are|{part} of the load is] missing from then on"

var healthWords = table{
	reason.NothingToJudge: {
		says: "there is no result, or nothing to judge it by", todo: "give a result and a thresholds.yaml",
	},
	reason.MeasuredNothing: {
		says: "nothing was measured: the run ended after {elapsed}, within its warm-up of {warm_up}",
		todo: "let the run outlast its warm-up, or shorten warm_up",
	},
	reason.NoRequest: {
		says: "no request was measured in {measured}", todo: "see what the first user's steps do: loadgate try",
	},
	reason.NothingJudged: {
		says: "no request went to an endpoint that a rule judges: they went to {endpoints}",
		todo: "see what keeps the other steps back: loadgate try; or let a rule match these endpoints",
	},
	reason.RunEndedEarly: {
		says: "it says that it came to its end, and ended after {elapsed}[ of {planned}]: judged on what was measured",
		todo: runToItsEnd,
	},
	reason.RunInterrupted: {
		says: "interrupted after {elapsed}[ of {planned}]: judged on what was measured",
		todo: runToItsEnd,
	},
	reason.RunCut: {
		says: "cut short after {elapsed}[ of {planned}]: judged on what was measured", todo: runToItsEnd,
	},
	reason.RunUnplanned: {
		says: "it does not say how long it was to be, and ended after {elapsed}: whether that is all is not known",
		todo: judgeDocument,
	},
	reason.RunLongerThanPlanned: {
		says: "it was to last {planned}, and says that it lasted {elapsed}: one of them is wrong", todo: judgeDocument,
	},
	reason.TimelineGap: {
		says: "{missing} of {measured} are missing in it: nothing says what the generator did then",
		todo: judgeDocument,
	},
	reason.TimelineMissing: {
		says: "it is missing: nothing says what the generator did",
		todo: judgeDocument,
	},
	reason.RequestsMissing: {
		says: "{missing} of {sent:request} that it counts are in no endpoint: the document was cut or edited",
		todo: judgeDocument,
	},
	reason.TimelineWithoutLag: {
		says: "in {missing} of {measured} it does not say how late requests were sent: the generator may not have " +
			"kept up",
		todo: judgeDocument,
	},
	reason.GeneratorUnread: {
		says: "the document does not say how busy the generator was: it may not have kept up",
		todo: judgeDocument,
	},
	reason.GeneratorGap: {
		says: "in {missing} of {measured}, first at {at:clock}, it does not say how busy the generator was: it may " +
			"not have kept up",
		todo: judgeDocument,
	},
	reason.UsersBeyondPlan: {
		says: "at {at:clock} it counts {users:user}, and the plan has {planned} at most: one of them is wrong",
		todo: judgeDocument,
	},
	reason.RoundsUnfinished: {
		says: "{users} of {of:user} had rounds or rows left when the {planned} were over",
		todo: "write a longer duration, fewer rounds, or more users for the rows",
	},
	reason.UsersBelowPlan: {
		says: "in {missing} of {measured}, first at {at:clock}, it counts fewer users than the {planned} of the " +
			"plan: the service was under less load, or one of them is wrong",
		todo: judgeDocument,
	},
	reason.GeneratorStoodStill: {
		says: "the generator stood still [{times} times, for {length} in all, the first time at {at:clock}|for " +
			"{length} at {at:clock}]: it was stopped, or its machine slept; these seconds are left out",
		todo: "keep its machine awake, and let nothing stop loadgate; run again if much of the run is missing",
	},
	reason.RunMostlyMissing: {
		says: "the generator ran in only {ran} of {measured}: too little was measured",
		todo: "run it again, on a machine that stays awake",
	},

	reason.ShardsMissing: {
		says: "[shard {shard} of the run is|shards {shards} of the run are] missing: the service was judged " +
			"under part of the load",
		todo: "give the results of all shards to loadgate check",
	},
	reason.ShardEnded: {
		says: endedShard, todo: "see what ended it on its machine, and run all shards again to their end",
	},
	reason.ShardTolerated: {
		says: endedShard + "; --lost allows that", todo: "see what ended it on its machine",
	},
	reason.ShardInterrupted: {says: "was interrupted"},
	reason.ShardSilent:      {says: "got no more answers and ended"},
	reason.ShardCut:         {says: "was cut short"},
	reason.ShardLost:        {says: "was lost"},
	reason.ShardUnknown: {
		says: "shard {shard} does not say {lacks}: whether all of them loaded one service together is not known",
		todo: judgeDocument,
	},
	reason.ShardStart:  {says: "when it started"},
	reason.ShardTarget: {says: "what it loaded"},
	reason.ShardTime:   {says: "how much of its time it covers"},
	reason.ShardGap: {
		says: "{missing} of {planned} are missing in shard {shard}: nothing says what it measured then",
		todo: judgeDocument,
	},
	reason.ShardWithoutLag: {
		says: "shard {shard} does not say how late {missing} of its {requests:request} were sent: it may not have " +
			"kept up",
		todo: judgeDocument,
	},
	reason.ShardUnread: {
		says: "shard {shard} does not say in {missing} of {covered} how busy it was: it may not have kept up",
		todo: judgeDocument,
	},
	reason.TeardownFailed: {
		says: "what {step} should have removed is left behind[: {detail}]",
		todo: "remove it yourself, and see with loadgate try what keeps the step from working",
	},
	reason.ShardsScattered: {
		says: "shard {last} started {apart:compact} after shard {first} ({last_start}, {first_start}): in that " +
			"time the service was under part of the load",
		todo: startTogether,
	},
	reason.ShardsApart: {
		says: "shard {last} started {apart:compact} after shard {first} ({last_start}, {first_start}): at no " +
			"time was the service under the whole load",
		todo: startTogether,
	},
	reason.ShardsUneven: {
		says: "shard {last} started {apart} after shard {first}, at most {most} with the error of their clocks: " +
			"in that time the service was under part of the load",
		todo: "see what delayed its machine, or use machines with a shorter round trip to each other, and run again",
	},
	reason.ShardsMixed: {
		says: "the shards were made by different versions: {versions}",
		todo: "run all shards with one version of loadgate",
	},
	reason.ShardVersion: {says: "{version} made {shards}"},

	reason.LatencyTrend: {
		says: "response times rose during the run, at the same load: {endpoints}",
		todo: "look for what grows: memory, connections, queues, tables; run longer to see where it ends",
	},
	reason.WarmUpShort: {
		says: "the warm-up was longer than the {warm_up} that are left out: {endpoints}",
		todo: "write a longer warm_up in the profile, and as much more duration",
	},
	reason.EndpointRose: {says: "the median of {endpoint} from {from} to {to} ({rise:rise} more)"},
	reason.EndpointFell: {says: "the median of {endpoint} fell from {from} to {to} (it began {rise:rise} higher)"},
	reason.EndpointsAre: {says: "and {count:endpoint} more"},

	reason.TargetSilent: {
		says: "[never answered: silent from the start at {start}|stopped answering at {at}] with {users:user}: " +
			"{requests:request} without an answer in the last {length}, most of them {kind}",
		todo: serviceSilent,
	},
	reason.TargetStopped: {
		says: "stopped answering: the run was ended after {elapsed}[ of {planned}]", todo: serviceSilent,
	},
	reason.GeneratorPerhaps: {says: "the generator's machine may be the reason"},
	reason.ResultDamaged: {
		says: "damaged histograms: {parts}", todo: "judge the journal instead, or run it again",
	},
	reason.Frozen: {
		says: "frozen {from:clock}–{until:clock}: [{users:user}|{requests:request}] waited up to {longest}",
		many: "frozen {from:clock}–{until:clock}",
		todo: findStop,
	},
	reason.TimeStretch: {says: "{from}[–{until}| to the end]"},
	reason.ProbeDisturbs: {
		says: "requests are {slower:rise} slower in the seconds in which {probes} is read than in the others " +
			"({within} and {without} seconds): reading it may block the service",
		todo: "write a longer every, or read it from where it does not block the service",
	},
	reason.Outage: {
		says: failedThen,
		todo: logThen,
	},
	reason.Blip: {
		says: failedThen,
		todo: logThen,
	},
	reason.FirstAnswer: {says: "first answer: {label}, {why}"},
	reason.ServiceFroze: {
		says: "{from:clock}–{until:clock}: [{users:user}|{requests:request}] waited up to {longest}; " +
			"[{endpoints:named} did not answer|no endpoint answered] in {share} of the measured time",
		todo: findStop,
	},
	reason.ProbeCost: {
		says: "one reading takes {took} every [{apart}, where the file asks for {every:compact},|{every:compact}] " +
			"and adds load",
		todo: "write a longer every",
	},

	reason.FailuresMost: {says: "{failed} of {requests:request} failed, {why}", many: "most requests failed, {why}"},
	reason.FailuresUnlimited: {
		says: "{share} of {requests:request} failed, and no rule limits its failures",
		many: "requests failed, and no rule limits their failures",
	},
	reason.NoRuleForFailures: {says: "and no rule judges failures"},
	reason.RuleOnlyWarns:     {says: "and the rule for failures only warns"},
	reason.ExceptedIncluded:  {says: "those left out of the limits included: {endpoints}"},
	reason.LimitFailures: {
		todo: "[add success: 99.5% to a rule that matches {endpoint}|success: 99.5% in a rule judges failures by " +
			"a limit of your own]",
	},
	reason.LeaveOutFailing: {todo: "take steps that are known to fail out of the load until they are fixed"},
}

var foreignWords = table{
	reason.ForeignSchedule: {
		says: "not judged: {tool}'s file does not record whether requests were sent on schedule, and includes " +
			"the warm-up",
	},
	reason.ForeignIntervals: {
		says: "judged by value: {tool}'s file has no requests over time, so nothing says how far chance reaches",
	},
	reason.ForeignMixed: {
		says: "the times of failed requests are among them: {tool}'s file does not separate them",
	},
	reason.ForeignSuccesses: {says: "not judged: {tool}'s file has successes only"},
	reason.ForeignNote:      {says: "{note}"},
	reason.ForeignUnjoinable: {
		says: "percentiles of several endpoints cannot be joined", todo: "write each: true in place of combine: true",
	},
	reason.ForeignUncounted: {
		says: "{tool}'s file does not say how many requests its {metric} rests on",
		todo: "keep a file that counts them",
	},
	reason.ForeignNoTimes: {
		says: "{tool}'s file has no times of these requests",
		todo: "keep a file that has them, or name in the rule the endpoints that have times",
	},
	reason.ForeignNoFigure: {
		says: "{tool}'s file has no {metric}, only [{figures}|counts]", todo: "limit one of these",
	},
	reason.ForeignNoFirstByte: {
		says: "{tool}'s file is not read for {metric}, only for times of whole requests",
		todo: "limit the same figure of whole requests, or judge a run of loadgate",
	},
	reason.ForeignNoFailures: {
		says: "{tool}'s file does not say which requests failed",
		todo: "keep a file that does, or take this limit out of the rule",
	},
	reason.ForeignNoDuration: {
		says: "{tool}'s file does not say how long the run took", todo: "take the limit on throughput out of the rule",
	},
	reason.ForeignAdvice: {todo: "{advice}"},
	reason.ForeignNoResources: {
		says: "{tool} watched no resources, so those of the file are not judged",
		todo: "watch them with loadgate run, or write a file without them for the results of other tools",
	},
}
