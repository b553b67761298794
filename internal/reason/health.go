package reason

// What happened in a run that is worth a finding, and what keeps it from being judged.
const (
	NothingToJudge      Code = "nothing-to-judge"
	MeasuredNothing     Code = "measured-nothing"
	NoRequest           Code = "no-request"
	NothingJudged       Code = "nothing-judged"
	RunEndedEarly       Code = "run-ended-early"
	RunInterrupted      Code = "run-interrupted"
	RunCut              Code = "run-cut"
	TimelineGap         Code = "timeline-gap"
	TimelineMissing     Code = "timeline-missing"
	GeneratorStoodStill Code = "generator-stood-still"
	RunMostlyMissing    Code = "run-mostly-missing"

	ShardsMissing   Code = "shards-missing"
	ShardEnded      Code = "shard-ended"
	ShardsScattered Code = "shards-scattered"
	ShardsApart     Code = "shards-apart"
	ShardsMixed     Code = "shards-of-different-versions"
	ShardVersion    Code = "shard-version"

	LatencyTrend Code = "latency-trend"
	WarmUpShort  Code = "warm-up-short"
	EndpointRose Code = "endpoint-rose"
	EndpointFell Code = "endpoint-fell"
	EndpointsAre Code = "endpoints-more"

	Outage           Code = "outage"
	Blip             Code = "blip"
	FirstAnswer      Code = "first-answer"
	ServiceFroze     Code = "service-froze"
	ProbeCost        Code = "probe-cost"
	GeneratorPerhaps Code = "generator-perhaps"

	FailuresMost      Code = "failures-most"
	FailuresUnlimited Code = "failures-unlimited"
	NoRuleForFailures Code = "no-rule-for-failures"
	RuleOnlyWarns     Code = "rule-only-warns"
	ExceptedIncluded  Code = "excepted-included"
	LimitFailures     Code = "limit-failures"
	LeaveOutFailing   Code = "leave-out-failing"
)

// What the file of another tool does not say.
const (
	ForeignSchedule    Code = "foreign-schedule"
	ForeignIntervals   Code = "foreign-intervals"
	ForeignMixed       Code = "foreign-failures-in-latencies"
	ForeignSuccesses   Code = "foreign-successes-only"
	ForeignNote        Code = "foreign-note"
	ForeignUnjoinable  Code = "foreign-percentiles-unjoinable"
	ForeignUncounted   Code = "foreign-percentile-uncounted"
	ForeignNoTimes     Code = "foreign-no-latencies"
	ForeignNoFigure    Code = "foreign-no-figure"
	ForeignNoFailures  Code = "foreign-no-failures"
	ForeignNoDuration  Code = "foreign-no-duration"
	ForeignAdvice      Code = "foreign-advice"
	ForeignNoResources Code = "foreign-no-resources"
)
