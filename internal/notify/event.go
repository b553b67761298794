package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/safetext"
)

// Event is a state of a series of runs that began, or is over. Its texts are untrusted.
type Event struct {
	Key      string // the same for the beginning and the end of one state
	Over     bool
	Kind     string // change, baseline, silent or verdict
	Critical bool   // something got worse; false: it is not known any more
	Title    string // a few words
	Text     string
	Advice   string
	Name     string // of the runs
	Profile  string
	Target   string
	Run      string // its ID; empty: it has none
	Commit   string
	Branch   string
}

// state is the event's, in a word.
func (e Event) state() string {
	if e.Over {
		return "over"
	}
	return "open"
}

// heading begins every message.
func (e Event) heading() string {
	if e.Over {
		return "loadgate: over: " + e.Title
	}
	return "loadgate: " + e.Title
}

// series names the runs.
func (e Event) series() string {
	var parts []string
	for _, part := range []string{e.Name, e.Profile, e.Target} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

// clean is an untrusted text on one line, cut.
func clean(text string, limit int) string { return cut(safetext.Line(text), limit) }

// lines tell an event: of which runs, what it is, and what to do. Each is clean, and still to be escaped.
func (e Event) lines() []string {
	advice := e.Advice
	if e.Over {
		advice = ""
	}
	var all []string
	for _, line := range []string{e.series(), e.Text, advice} {
		if line != "" {
			all = append(all, clean(line, shownEvent))
		}
	}
	return all
}

// shownEvent is the most characters of a line of an event, which may name several endpoints.
const shownEvent = 900

// event is what a verdict is to a receiver of events: open until a run of the same name, profile and target passes.
func (v *Verdict) event() Event {
	sum := sha256.Sum256([]byte(strings.Join([]string{v.Name, v.Profile, v.Target}, "\x00")))
	var findings []string
	for i, f := range v.Findings {
		if i == shownFindings {
			findings = append(findings, fmt.Sprintf("and %d more", len(v.Findings)-i))
			break
		}
		findings = append(findings, f.line())
	}
	return Event{
		Key: "loadgate-verdict-" + hex.EncodeToString(sum[:16]), Over: v.Passed(), Kind: "verdict",
		Critical: v.ExitOutcome == "fail", Title: strings.TrimPrefix(title(v), "loadgate: "), Text: v.Summary,
		Advice: strings.Join(findings, "; "), Name: v.Name, Profile: v.Profile, Target: v.Target,
	}
}

// AlertSchema names the version of the generic body of an event.
const AlertSchema = "loadgate.alert/1"

func genericEvent(e Event, link string) (any, string) {
	return struct {
		Schema  string `json:"schema"`
		State   string `json:"state"` // open or over
		Kind    string `json:"kind"`
		Key     string `json:"key"`
		Title   string `json:"title"`
		Text    string `json:"text"`
		Advice  string `json:"advice"`
		Name    string `json:"name"`
		Profile string `json:"profile"`
		Target  string `json:"target"`
		Run     string `json:"run"`
		Commit  string `json:"commit"`
		Branch  string `json:"branch"`
		Link    string `json:"link"`
	}{AlertSchema, e.state(), e.Kind, e.Key, e.Title, e.Text, e.Advice, e.Name, e.Profile, e.Target, e.Run, e.Commit,
		e.Branch, link}, ""
}

func slackEvent(e Event, link string) (any, string) {
	return slackMessage(e.heading(), e.lines(), link), ""
}

func teamsEvent(e Event, link string) (any, string) {
	color := "Warning"
	switch {
	case e.Over:
		color = "Good"
	case e.Critical:
		color = "Attention"
	}
	return teamsMessage(e.heading(), color, e.lines(), link), ""
}
