package notify

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/safetext"
)

// Format is what a receiver takes.
type Format struct {
	Name string
	body func(*Verdict, string) any // of a verdict; nil: the event that it is
	// event is the body of an event, and where it goes below the receiver's address; "": to the address itself.
	event func(Event, string) (body any, path string)
	// pager is nil for a webhook, whose address is all that it takes.
	pager *pager
}

// Formats lists them.
func Formats() []Format {
	return []Format{
		{"slack", slack, slackEvent, nil}, {"teams", teams, teamsEvent, nil}, {"json", generic, genericEvent, nil},
		{"pagerduty", nil, pagerDutyEvent, &pagerDuty}, {"opsgenie", nil, opsgenieEvent, &opsgenie},
	}
}

// Keyed says whether the receiver has an address of its own, and takes a key.
func (f Format) Keyed() bool { return f.pager != nil }

// Body is the summary of a verdict as JSON, without a key. The link leads to the CI job;
// empty: there is none.
func (f Format) Body(v *Verdict, link string) ([]byte, error) {
	if f.body != nil {
		return json.Marshal(f.body(v, link))
	}
	return f.EventBody(v.event(), link)
}

// EventBody is an event as JSON, without a key.
func (f Format) EventBody(e Event, link string) ([]byte, error) {
	body, _ := f.event(e, link)
	return json.Marshal(body)
}

// CheckLink accepts what a link may point to: an http or https URL without a
// user in it.
func CheckLink(link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return fmt.Errorf("%q is not the address of a page; write one such as https://ci.example.org/job/7", link)
	}
	return nil
}

// What a message shows at most: a chat is no report.
const (
	shownFindings = 5
	sentFindings  = 50
	shownText     = 300 // characters of one line
)

// title begins every message, in words of loadgate's own.
func title(v *Verdict) string {
	if known := []string{"pass", "warn", "inconclusive", "fail"}; !slices.Contains(known, v.Outcome) {
		return "loadgate"
	}
	return "loadgate: " + v.Outcome
}

// lines tell a verdict: which run, the closing line, and the first findings.
// Each is clean, and still to be escaped for its medium.
func lines(v *Verdict) []string {
	var run []string
	for _, part := range []string{v.Name, v.Profile, v.Target} {
		if part != "" {
			run = append(run, part)
		}
	}
	var all []string
	if len(run) > 0 {
		all = append(all, strings.Join(run, " · "))
	}
	all = append(all, v.Summary)
	for i, f := range v.Findings {
		if i == shownFindings {
			all = append(all, fmt.Sprintf("and %d more", len(v.Findings)-i))
			break
		}
		all = append(all, f.line())
	}
	for i, line := range all {
		all[i] = cut(safetext.Line(line), shownText)
	}
	return all
}

func (f Finding) line() string {
	line := f.Outcome
	for _, part := range []string{f.Rule, f.Subject, f.Reason} {
		if part != "" {
			line += ": " + part
		}
	}
	return "- " + line
}

// slack is the body of a Slack-compatible incoming webhook. Untrusted text goes
// into a code block, where nothing is bold or linked, with &, < and > escaped: a
// name such as <!channel> notifies nobody.
func slack(v *Verdict, link string) any { return slackMessage(title(v), lines(v), link) }

// slackMessage has a heading in words of loadgate's own.
func slackMessage(heading string, lines []string, link string) any {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "`", "'")
	text := "*" + heading + "*\n```\n" + escape.Replace(strings.Join(lines, "\n")) + "\n```"
	if link != "" {
		// | ends the address of a link.
		text += "\n<" + strings.ReplaceAll(escape.Replace(link), "|", "%7C") + "|The CI job>"
	}
	return struct {
		Text string `json:"text"`
	}{text}
}

// object is a JSON object.
type object = map[string]any

// teams is a message with one adaptive card. Untrusted text goes into rich text
// blocks, which do not interpret Markdown.
func teams(v *Verdict, link string) any {
	colors := object{"pass": "Good", "warn": "Warning", "inconclusive": "Warning", "fail": "Attention"}
	color, ok := colors[v.Outcome]
	if !ok {
		color = "Default"
	}
	return teamsMessage(title(v), fmt.Sprint(color), lines(v), link)
}

// teamsMessage has a heading in words of loadgate's own.
func teamsMessage(heading, color string, lines []string, link string) any {
	body := []any{object{"type": "TextBlock", "text": heading, "size": "Large", "weight": "Bolder", "color": color}}
	for _, line := range lines {
		body = append(body, object{"type": "RichTextBlock", "inlines": []any{object{"type": "TextRun", "text": line}}})
	}
	card := object{
		"$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
		"type":    "AdaptiveCard", "version": "1.4", "body": body,
	}
	if link != "" {
		card["actions"] = []any{object{"type": "Action.OpenUrl", "title": "The CI job", "url": link}}
	}
	return object{"type": "message", "attachments": []any{object{
		"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil, "content": card,
	}}}
}

// NoticeSchema names the version of the generic body.
const NoticeSchema = "loadgate.notice/1"

// generic is the body for programs: run and checks as in verdict.json, without
// the checks that passed.
func generic(v *Verdict, link string) any {
	doc := struct {
		Schema      string            `json:"schema"`
		Summary     string            `json:"summary"`
		Outcome     string            `json:"outcome"`
		ExitOutcome string            `json:"exit_outcome"`
		ExitCode    int               `json:"exit_code"`
		Run         json.RawMessage   `json:"run"`
		Failing     []json.RawMessage `json:"failing"`
		More        int               `json:"more"` // findings beyond those
		Link        string            `json:"link"`
	}{NoticeSchema, v.Summary, v.Outcome, v.ExitOutcome, v.ExitCode, v.run, []json.RawMessage{}, 0, link}
	for i, f := range v.Findings {
		if i == sentFindings {
			doc.More = len(v.Findings) - i
			break
		}
		doc.Failing = append(doc.Failing, f.document)
	}
	return doc
}
