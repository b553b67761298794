package output

// The files of a run, in its folder.
const (
	ResultFile  = "result.json"
	VerdictFile = "verdict.json"
	JournalFile = "journal.ndjson"
	LogFile     = "target.log" // what a target writes that was started
)

// ConfirmationFolder holds the files of a confirmation run.
const ConfirmationFolder = "confirmation"
