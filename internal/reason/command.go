package reason

// How a command ended where that is not what was judged.
const (
	NotRun      Code = "not-run"
	NotFinished Code = "not-finished"
)
