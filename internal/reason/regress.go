package reason

// What the comparison with earlier runs comes to.
const (
	WorseThanEarlier Code = "worse-than-earlier-runs"
	AllWorse         Code = "all-worse-than-earlier-runs"
	ManyWorse        Code = "many-worse-than-earlier-runs"
	WorseWithAll     Code = "worse-with-all"
	StayedBehind     Code = "stayed-behind"
	OthersFaster     Code = "others-faster"
	EarlierScatter   Code = "earlier-runs-scatter"
	EarlierTooFew    Code = "too-few-earlier-runs"
	EarlierLeftOut   Code = "earlier-runs-left-out"
	EarlierValues    Code = "too-few-earlier-values"
	EarlierEdited    Code = "earlier-runs-of-edited-scenario"
	EarlierHosts     Code = "earlier-runs-of-other-hosts"
	EndedUncompared  Code = "ended-early-not-compared"
	LevelRose        Code = "level-rose"
	LevelFrom        Code = "level-from-to"
)

// What more is known of a change.
const (
	UnchangedRange      Code = "unchanged-code-range"
	AllRose             Code = "all-rose"
	AllFell             Code = "all-fell"
	SharedCause         Code = "machine-or-shared-cause"
	ChangeUnlimited     Code = "change-not-limited"
	NotProven           Code = "not-proven"
	NotProvenLate       Code = "not-proven-generator-late"
	NotConfirmed        Code = "not-confirmed"
	ConfirmationAlone   Code = "confirmation-alone-shows-it"
	ConfirmationUseless Code = "confirmation-useless"
	ConfirmationCut     Code = "confirmation-cut"
	ConfirmationUnfit   Code = "confirmation-unfit"
	ConfirmationThin    Code = "confirmation-too-few-requests"
	LateMayExplain      Code = "late-generator-may-explain"
	LateCannotExplain   Code = "late-generator-cannot-explain"
	GeneratorMayExplain Code = "generator-may-explain"
)

// What to do about a change, and what would show a smaller one.
const (
	LookAtChanges Code = "look-at-changes"
	CompareBuilds Code = "compare-builds"
	FindLess      Code = "find-less"
	RecordMore    Code = "record-more-runs"
	LongerRuns    Code = "longer-runs"
)

// What the comparison of two sides in pairs of slices comes to.
const (
	PairsMissing     Code = "no-pairs"
	PairsTooFew      Code = "too-few-pairs"
	SideSilent       Code = "side-stopped-answering"
	SliceInterrupted Code = "slice-interrupted"
	SliceCut         Code = "slice-cut-short"
	GeneratorSlices  Code = "generator-unfit-in-slices"
	GeneratorAtEnd   Code = "generator-overrun-in-slices"
	SliceTooFew      Code = "too-few-requests-in-slice"
	WorseThanA       Code = "worse-than-side-a"
	FailsMoreThanA   Code = "fails-more-than-side-a"
	PairsUnproven    Code = "pairs-not-proven"
	LookAtSideB      Code = "look-at-side-b"
)

// Why a run is no baseline for later ones.
const (
	NoBaselineSmoke     Code = "no-baseline-smoke-run"
	NoBaselineNothing   Code = "no-baseline-nothing-judged"
	NoBaselineFailed    Code = "no-baseline-failed"
	NoBaselineUnjudged  Code = "no-baseline-not-judged"
	NoBaselineGenerator Code = "no-baseline-generator-unfit"
	NoBaselineLate      Code = "no-baseline-generator-late"
	CheckOf             Code = "check"
	CheckOfComparison   Code = "check-against-earlier-runs"
)
