package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// VerdictSchema is the version of verdict.json that is read.
const VerdictSchema = "loadgate.verdict/1"

// verdictLimit is more than any run writes, in bytes.
const verdictLimit = 64 << 20

// Verdict is what a message shows from a verdict.json. Its texts are untrusted.
type Verdict struct {
	Outcome     string // of the checks: pass, warn, inconclusive or fail
	ExitOutcome string // after judge.inconclusive
	ExitCode    int
	Summary     string // the last line of the table
	Name        string // of the run
	Profile     string
	Target      string
	// Findings are the checks that stand against a pass, in the order of the
	// document.
	Findings []Finding

	run json.RawMessage
}

// Finding is a check that failed or could not be judged.
type Finding struct {
	Rule    string // empty for a health check
	Subject string // the endpoint, or what is the matter
	Outcome string
	Reason  string

	document json.RawMessage
}

var errOtherKind = errors.New("another kind of value than loadgate writes: give the verdict.json of a run")

// DecodeVerdict reads a verdict.json. The name is for messages only.
func DecodeVerdict(r io.Reader, name string) (*Verdict, error) {
	var doc struct {
		Schema      string            `json:"schema"`
		Outcome     string            `json:"outcome"`
		ExitOutcome string            `json:"exit_outcome"`
		ExitCode    *int              `json:"exit_code"`
		Summary     string            `json:"summary"`
		Run         json.RawMessage   `json:"run"`
		Checks      []json.RawMessage `json:"checks"`
	}
	src, err := io.ReadAll(io.LimitReader(r, verdictLimit+1))
	if err == nil && len(src) > verdictLimit {
		err = errors.New("larger than 64 MiB")
	}
	if err == nil && json.Unmarshal(src, &doc) != nil {
		err = errors.New("it is truncated, or not JSON that loadgate writes: give the verdict.json of a run")
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("read verdict %s: %w", name, err)
	case doc.Schema != VerdictSchema && strings.HasPrefix(doc.Schema, "loadgate.verdict/"):
		return nil,
			fmt.Errorf("read verdict %s: its schema is %q, and this version reads %s; use the loadgate that wrote it",
				name, doc.Schema, VerdictSchema)
	case doc.Schema != VerdictSchema:
		return nil, fmt.Errorf("read verdict %s: it is not a verdict.json: its schema is %q, not %s",
			name, doc.Schema, VerdictSchema)
	case doc.ExitCode == nil || doc.Outcome == "":
		return nil, fmt.Errorf("read verdict %s: it has no outcome or no exit_code", name)
	}
	v := &Verdict{
		Outcome: doc.Outcome, ExitOutcome: doc.ExitOutcome, ExitCode: *doc.ExitCode, Summary: doc.Summary,
		run: doc.Run,
	}
	if err := v.readRun(); err != nil {
		return nil, fmt.Errorf("read verdict %s: run: %w", name, err)
	}
	for i, src := range doc.Checks {
		var f Finding
		if json.Unmarshal(src, &f) != nil {
			return nil, fmt.Errorf("read verdict %s: checks[%d]: %w", name, i, errOtherKind)
		}
		if f.Outcome != "pass" && f.Outcome != "warn" {
			f.document = src
			v.Findings = append(v.Findings, f)
		}
	}
	return v, nil
}

func (v *Verdict) readRun() error {
	if len(v.run) == 0 {
		v.run = json.RawMessage("null")
	}
	var run struct{ Name, Profile, Target string }
	if json.Unmarshal(v.run, &run) != nil {
		return errOtherKind
	}
	v.Name, v.Profile, v.Target = run.Name, run.Profile, run.Target
	return nil
}

// Passed reports whether the build goes on: the exit code decides, as it does
// for the build.
func (v *Verdict) Passed() bool { return v.ExitCode == 0 }

// Changed reports whether the exit code is another than that of the verdict
// before; without one, everything is news.
func (v *Verdict) Changed(before *Verdict) bool {
	return before == nil || before.ExitCode != v.ExitCode
}
