package reason

// What a search for the highest load comes to.
const (
	CapacityFound      Code = "capacity-found"
	CapacityNotReached Code = "capacity-not-reached"
	CapacityOpen       Code = "capacity-open-above"
	CapacityNone       Code = "capacity-none"
	CapacityUndecided  Code = "capacity-undecided"
	LevelsMissing      Code = "no-levels"
	LevelBreaks        Code = "level-breaks"
	LevelsUndecided    Code = "levels-undecided"
	SearchCut          Code = "search-cut-short"
	SearchTimeUp       Code = "search-time-up"
	SearchUnwell       Code = "target-not-ready-again"
)

// What is said of a level.
const (
	Load              Code = "load"
	LimitMissed       Code = "limit-missed"
	FailingOutright   Code = "failing-outright"
	EndedInWarmUp     Code = "ended-in-warm-up"
	GeneratorSentLate Code = "generator-sent-late"
	FlaggedAt         Code = "generator-flagged-at"
	FlaggedEverywhere Code = "generator-flagged-at-every-level"
)

// What to do about a search.
const (
	SearchHigher Code = "search-higher"
	LongerLevels Code = "longer-levels"
	LookAtLoad   Code = "look-at-load"
)
