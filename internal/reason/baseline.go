package reason

// Why earlier runs do not count: each completes "2 runs …".
const (
	PastOtherLoad      Code = "past-other-load"
	PastOtherHost      Code = "past-other-host"
	PastOtherMachine   Code = "past-other-machine"
	PastOtherBranch    Code = "past-other-branch"
	PastRejected       Code = "past-rejected"
	PastUnfinished     Code = "past-unfinished"
	PastNotPassed      Code = "past-not-passed"
	PastFailed         Code = "past-failed"
	PastUnjudged       Code = "past-unjudged"
	PastGeneratorLate  Code = "past-generator-late"
	PastBeforeAccepted Code = "past-before-accepted"
)

// What is different since an earlier run of an edited scenario.
const (
	EditNew     Code = "edit-new-endpoint"
	EditChanged Code = "edit-changed-request"
	EditRate    Code = "edit-other-rate"
	EditRenamed Code = "edit-renamed"
	EditGone    Code = "edit-endpoint-gone"
)

// Why a recorded run is no baseline for later ones.
const (
	RunRejected   Code = "run-rejected"
	RunUnfinished Code = "run-unfinished"
	RunNotPassed  Code = "run-not-passed"
	RunUnfit      Code = "run-unfit"
)
