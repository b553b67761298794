package wording

import "github.com/loadgate/loadgate/internal/reason"

// Advice that several codes give.
const (
	tooFewFiles   = "raise its limits (ulimit -n), lower the load, or split the run into shards"
	runToItsEnd   = "run it again to its end"
	startTogether = "start all shards at one time, with --start-at"
	zeroFigure    = "see whether the service sets it, or watch where the figure is made"
	moreReadings  = "run longer, or write a shorter every"
	findStop      = "look for what stopped the service: a lock, a blocked event loop, a garbage collection, a " +
		"paused container, a dependency that hung"
	serviceLog       = "look for the error in the service's log"
	logThen          = "look at the service's log, and at what it depends on, at {at}"
	seeFailures      = "look at the failures in the report"
	judgeDocument    = "judge the document as loadgate wrote it, or its journal"
	judgeWithItsFile = "judge it with the thresholds.yaml it was run with, or run it again"
	checkScenario    = "check the scenario"
	useMoreUsers     = "use more users"
	compareSchema    = "compare it with the API's schema"
	serviceSilent    = "look at the service's log and memory at that time; fewer users show what it can carry"
)

var adviceWords = table{
	reason.LookAtFailures:   {todo: seeFailures},
	reason.LookAtThroughput: {todo: "look for what holds the service back: pools, workers, slow queries"},
	reason.LookAtLatency: {
		todo: "look for slow queries, missing indexes and full pools behind it, at the time when it slows down",
	},
	reason.OfferMoreUsers: {
		todo: "the profile itself offers only about {offered:exact}: use more users, or pace, before blaming the " +
			"service",
	},
	reason.OfferHigherRate: {
		todo: "the profile itself offers only about {offered:exact}: raise the rate before blaming the service",
	},
	reason.RunAgain:     {todo: "then run again"},
	reason.MoreRequests: {todo: "run longer, or with more users"},
	reason.AllowFailures: {
		todo: "no number of requests shows that none will ever fail: allow a small share of failures"},
	reason.MoreStarts: {todo: "use more users: each of them sends it once"},
	reason.MoreSlowMoments: {
		todo: "the run holds too few of the slow moments to prove it: run several minutes, or compare two builds " +
			"with loadgate ab",
	},
	reason.TooClose: {
		todo: "value and limit are too close to tell apart[ (it would take about {needed:compact})]: improve the " +
			"value, or move the limit",
	},
	reason.MoreUsers:  {todo: "run longer, use more users, or pace: auto"},
	reason.HigherRate: {todo: "run longer, or raise the rate"},
	reason.TooRareUsers: {
		todo: "it gets too few requests to be judged alone: give it more weight, pace: auto, or combine: true",
	},
	reason.TooRareRate: {
		todo: "it gets too few requests to be judged alone: give it more weight, raise the rate, or combine: true",
	},
	reason.RunLongerUsers: {
		todo: "run [load {load} for ]{longer:compact} instead of {was:compact}, use more users, or a higher pace",
	},
	reason.RunLongerRate: {todo: "run [load {load} for ]{longer:compact} instead of {was:compact}, or raise the rate"},
	reason.MoreRounds: {
		todo: "give users more rounds, or more rows, so that the run takes {longer:compact} instead of {was:compact}",
	},
	reason.RunToDecide:   {todo: "run [load {load} for ]{longer:compact} instead of {was:compact} to decide"},
	reason.OutlastWarmUp: {todo: "let the run outlast its warm-up"},
	reason.StepsBefore: {
		todo: "look at the steps before it: a failed step or a false \"when\" leaves it out",
	},
	reason.OtherLoad: {todo: "run it with this file: the result comes from a load without this endpoint"},
	reason.AskMoreUsers: {
		todo: "run longer, use more users, or give its group more weight",
	},
	reason.AskHigherRate: {todo: "run longer, raise the rate, or give its group more weight"},
	reason.NameInFile: {
		todo: "write the name that the file has, or give it one with --name; --all lists those that it has",
	},
	reason.RunWithRule: {todo: "make a new run with this file, which has the rule"},
	reason.JudgeWithItsFile: {
		todo: judgeWithItsFile,
	},
}
