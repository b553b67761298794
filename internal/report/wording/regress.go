package wording

import "github.com/loadgate/loadgate/internal/reason"

var regressWords = table{
	reason.WorseThanEarlier: {says: changed, many: worse + " than in earlier runs" + permitted},
	reason.StayedBehind: {
		says: changed, todo: "look at what it does that the others do not",
		many: worse + " than in earlier runs" + permitted,
	},
	reason.OthersFaster: {says: "all endpoints together became faster, and this one stayed behind"},
	reason.AllWorse: {
		says: "the {metric} of all endpoints together is " + moved + " that of {runs} earlier runs" + permitted,
	},
	reason.ManyWorse: {says: "slower than in earlier runs, but {why:brief}: {endpoints}"},
	reason.WorseWithAll: {
		says: "it is worse by more than is allowed, as all endpoints together are: that fails in their row",
		todo: "see the row of all endpoints",
	},
	reason.EarlierScatter: {
		says: "earlier runs scatter too much: only a [rise of {rise:rise}|fall of {fall:rise}] would show, and " +
			"{allowed:rise} is allowed",
		many: "earlier runs scatter too much: only a change above the {allowed:rise} that is allowed would show",
		todo: "compare two builds on one machine instead: loadgate ab; or run longer, or leave out strict",
	},
	reason.EarlierTooFew: {
		says: "not compared: a comparison needs {needed:earlier run}, and has {runs}[ (not counted: {left:list})]",
		todo: "record more runs: loadgate run --record",
	},
	reason.EarlierLeftOut: {says: "{runs} {why}"},
	reason.EarlierValues: {
		says: "not compared: fewer than {needed:earlier run} since the last change of level, or not all new " +
			"ones, have a {metric} of {endpoints}",
		todo: "record a few more runs: loadgate run --record",
	},
	reason.EarlierEdited: {
		says: "compared with {runs:run} of an edited scenario: [{changes:list}[ and {more} more]|each request is " +
			"sent about as often]",
	},
	reason.EarlierHosts: {says: "compared with {of:run}, {runs} of them against {hosts:other host}"},
	reason.EndedUncompared: {
		says: "not compared: the run was ended early, and only whole runs are compared",
		todo: "let runs come to their end: judge.stop_on_pass and judge.stop_on_fail decide that",
	},
	reason.LevelRose: {
		says: "the p95 rose for good with run {run} ({started:date}[, commit {commit}]): {rises}; runs before it " +
			"no longer count",
		todo: "look at what changed there; loadgate history chart shows it",
	},
	reason.LevelFrom: {says: "{endpoint} from {before} to {after}"},

	reason.UnchangedRange: {says: "[{shared}, and with that ]unchanged code would take {low} to {high}"},
	reason.AllRose:        {says: "all endpoints together rose"},
	reason.AllFell:        {says: "all endpoints together fell"},
	reason.SharedCause:    {says: "it is the machine, or a cause that they share"},
	reason.ChangeUnlimited: {
		says: "the file does not limit it",
	},
	reason.NotProven: {says: "one run does not prove it", todo: untilNext},
	reason.NotProvenLate: {
		says: "one run does not prove it, and the generator of the first was late", todo: untilNext,
	},
	reason.NotConfirmed:      {says: "the confirmation run did not confirm it", todo: untilNext},
	reason.ConfirmationAlone: {says: "the confirmation run alone shows it", todo: untilNext},
	reason.ConfirmationUseless: {
		says: "the run that was to confirm it {why}", todo: "run it again",
	},
	reason.ConfirmationCut:   {says: "did not come to its end"},
	reason.ConfirmationUnfit: {says: "says nothing: its generator was {was:title}"},
	reason.ConfirmationThin:  {says: "has too few successful requests for a {metric}"},
	reason.LateMayExplain: {
		says:  lateExplains + ": not compared",
		brief: lateExplains,
		todo:  "or compare both builds on one machine with loadgate ab",
	},
	reason.LateCannotExplain:   {says: "the generator was late, which cannot explain it"},
	reason.GeneratorMayExplain: {says: "the generator was {was:title} and may be the reason"},

	reason.LookAtChanges: {
		todo: "look at what changed since [commit {commit}|the last run that passed]; if it is meant to be so: " +
			"loadgate baseline accept",
	},
	reason.CompareBuilds: {
		todo: "earlier runs cannot tell a slow machine from a slow change: compare both builds on one machine " +
			"with loadgate ab",
	},
	reason.FindLess: {
		todo: "to find less than [+{rise:rise}|−{fall:rise}]: [{more}, or ][{longer}, or ]compare two builds on " +
			"one machine with loadgate ab",
	},
	reason.RecordMore: {says: "record more runs (about [+{rise:rise}|−{fall:rise}] with {runs})"},
	reason.LongerRuns: {says: "run longer (the scatter is mostly within single runs)"},

	reason.PairsMissing: {
		says: "there is no pair of slices, or nothing to judge it by", todo: "let both sides run",
	},
	reason.PairsTooFew: {
		says: "{pairs:whole pair} of slices, and a comparison needs {needed}", todo: "run more pairs: --pairs 10",
	},
	reason.SideSilent: {
		says: "stopped answering in slice {slice}, {after} after it began",
		todo: "see why it went away: its log, its memory, its restarts",
	},
	reason.SliceInterrupted: {
		says: "slice {slice} was interrupted: judged on the pairs before it", todo: runToItsEnd,
	},
	reason.SliceCut: {
		says: "slice {slice} was cut short: judged on the pairs before it", todo: runToItsEnd,
	},
	reason.GeneratorSlices: {says: "the generator was {was:title} in {slices} of {of} slices"},
	reason.GeneratorAtEnd:  {says: "the generator was at its end in most slices"},
	reason.SliceTooFew: {
		says: "too few requests: {requests} in the thinnest slice, and {metric} needs {needed} in each: {endpoints}",
		todo: "make slices longer (--slice), use more users, or a higher pace",
	},
	reason.WorseThanA: {
		says: "{metric} of B is {value}, " + moved + " the {base} of A" + permitted,
		many: worse + " at B than at A" + permitted,
	},
	reason.FailsMoreThanA: {says: "{share} of B failed, and {base} of A", many: "more requests of B failed than of A"},
	reason.PairsUnproven: {
		says: "that is likely, and not proven", todo: "run more pairs (--pairs), or longer slices (--slice)",
	},
	reason.LookAtSideB: {
		todo: "look at what B does more than A: queries, calls, locks; the machine was the same",
	},

	reason.NoBaselineSmoke:     {says: "it was a smoke run"},
	reason.NoBaselineNothing:   {says: "nothing was judged"},
	reason.NoBaselineFailed:    {says: "it failed: {what}"},
	reason.NoBaselineUnjudged:  {says: "it could not be judged: {what}"},
	reason.NoBaselineGenerator: {says: "its generator was {was:title}"},
	reason.NoBaselineLate: {
		says: "its generator was late by {lag}, more than the median p95 of its endpoints, {median}",
	},
	reason.CheckOf:           {says: "[{rule}, {metric} of {subject}|{subject}]"},
	reason.CheckOfComparison: {says: "{metric} of {subject}, against earlier runs"},
}

// Parts of several sentences.
const (
	moved     = "[{rise:rise} above|{fall:rise} below]"
	permitted = "[, and {allowed:rise} is allowed]"
	worse     = "{metric} is worse"
	changed   = "{metric} is {value}[, and {again} in the confirmation run]: " + moved +
		" the {base} of {runs} earlier runs[, by {by}]" + permitted
	lateExplains = "the generator was late[ by up to {lag}], which may explain [up to {explains}|it]"
	untilNext    = "look at it if the next runs say so too"
)
