package cli

// The files of a run, in its folder.
const (
	resultFile  = "result.json"
	verdictFile = "verdict.json"
	journalFile = "journal.ndjson"
	logFile     = "target.log" // what a target writes that was started
)

// confirmFolder holds the files of a confirmation run.
const confirmFolder = "confirmation"
