// Package exitcode is the one table of the codes that loadgate ends with. It knows what
// each code means and which one a verdict leads to. It does not know commands, files or
// errors: cli turns an error into one of these codes.
package exitcode

import "github.com/loadgate/loadgate/internal/verdict"

// The exit codes are an interface: adding one is a minor release, changing one is a
// major.
const (
	Pass         = 0
	Fail         = 1
	Usage        = 2
	Inconclusive = 3
	NotRun       = 4
	Interrupted  = 130 // 128 and the number of SIGINT, as shells have it
)

// Row is one exit code with its meaning.
type Row struct {
	Code    int
	Short   string // a few words, as the help of loadgate has them
	Meaning string // a sentence without its period, as docs/exit-codes.md has it
}

// Table lists all exit codes, the smallest first. The caller owns the slice.
func Table() []Row {
	return []Row{
		{Pass, "pass", "pass, with or without warnings"},
		{Fail, "fail: a limit was crossed",
			"fail: a limit was crossed, the service got slower beyond doubt, or it stopped answering"},
		{Usage, "usage: a flag or an input is wrong",
			"usage: a flag, thresholds.yaml or another input is wrong; each mistake has a line"},
		{Inconclusive, "inconclusive: the run cannot be judged",
			"inconclusive: the run cannot be judged; the report says what would decide it"},
		{NotRun, "could not run, or could not write a file",
			"could not run: the target was never ready, it stopped answering in the try-out, the scenario does not " +
				"fit the service, the file is still marked as drafted, or a file cannot be written, even after a pass"},
		{Interrupted, "interrupted; what was measured is written",
			"interrupted by a signal; what was measured is written"},
	}
}

// Of is the code of a verdict's final outcome: of verdict.Verdict.Final. What is neither a
// pass nor a fail is Inconclusive.
func Of(final verdict.Outcome) int {
	switch final {
	case verdict.Pass, verdict.Warn:
		return Pass
	case verdict.Fail:
		return Fail
	}
	return Inconclusive
}
