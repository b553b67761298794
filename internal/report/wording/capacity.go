package wording

import "github.com/loadgate/loadgate/internal/reason"

var capacityWords = table{
	reason.CapacityFound: {says: "{held:holds}"},
	reason.CapacityNotReached: {
		says: "{held:holds}, the most that was tried", todo: searchHigher,
	},
	reason.CapacityOpen:      {says: "{held:holds}"},
	reason.CapacityNone:      {says: "already " + breaks},
	reason.CapacityUndecided: {says: undecided, brief: "{levels:list} undecided"},
	reason.LevelsMissing: {
		says: "no level was run, or there is nothing to judge it by", todo: "let the search run",
	},
	reason.LevelBreaks:     {says: breaks},
	reason.LevelsUndecided: {says: undecided, brief: "{levels:list} undecided"},
	reason.SearchCut:       {says: "the search was cut short", todo: runToItsEnd},
	reason.SearchTimeUp:    {says: "the time for the search was up", todo: "give it more: --within 30m"},
	reason.SearchUnwell: {
		says: "after that the service was not ready again",
		todo: "see why it does not recover from a load that it cannot carry: its log, its memory, its queue",
	},

	reason.Load:        {says: "[{users:user}|{rate}]"},
	reason.LimitMissed: {says: "{subject} [{metric} of {value}|is {value}], limit {limit}"},
	reason.FailingOutright: {
		brief: "{failed} of {requests:request} failed",
		says:  "{failed} of {requests:request} failed in its last {last}, so it was ended",
	},
	reason.EndedInWarmUp: {
		says: "ended within its warm-up after {elapsed}[ of {planned}]", todo: "let the load outlast its warm-up",
	},
	reason.LoadNotMade: {says: "the generator was {was:title}, and its users made only {made} of their load"},
	reason.GeneratorSentLate: {
		says: "the generator sent 1 request in 100 more than {lag} late",
	},
	reason.FlaggedAt: {
		says: "{flag:brief} at {load}[, and some at {raised} of {levels} levels][, and at least {least} at every " +
			"level]: figures may be high",
	},
	reason.FlaggedEverywhere: {says: "{flag:brief} at every level: figures may be high"},

	reason.SearchHigher: {todo: searchHigher},
	reason.LongerLevels: {todo: "give each level more time: --step 2m"},
	reason.LookAtLoad:   {todo: "find out what the service waits for at that load"},
}

// Parts of several sentences.
const (
	breaks       = "{broken:breaks} [{rule}|the {subject}]: {why}"
	undecided    = "{levels:list} undecided[: [{cause:title}: ][{rule}: {subject}: ]{why}]"
	searchHigher = "try more, with a higher --to, to find where it breaks"
)
