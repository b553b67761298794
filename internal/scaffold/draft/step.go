package draft

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config/graphql"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// Group is one kind of user.
type Group struct {
	Name     string
	Looks    []string
	Weight   float64 // share of the users; 0: that of the others
	Wait     string
	Pacing   string // in place of wait; empty: there is none
	Weighted bool
	Headers  []Pair
	Auth     *node.Value
	Vars     []Pair  // drawn once by each user
	Start    []*Step // once, before the steps
	End      []*Step // once, after them
	Steps    []*Step
}

// Pair is a name and the template of its value.
type Pair struct{ Name, Text string }

// Step is a request.
type Step struct {
	Method, Path string // the path as a template
	Name         string // empty: as the path makes it
	Times        int    // in a row; 0: once
	When         string // expression; empty: always
	Wait         string // after it; empty: as the group says
	Headers      []Pair
	Auth         *node.Value
	Body         *Body
	Expect       string
	Captures     []Pair
	Follow       bool
	Secret       bool
	Weight       int      // 0: none
	Task         *Task    // what is done as a whole with the steps beside it; nil: it is a step by itself
	Looks        []string // what a person must look at
	Commented    bool     // in the file as a comment: it would fail as it is, or do harm
}

// Task is several steps that are done as a whole, one after the other.
type Task struct {
	Name          string
	Weight, Times int // 0: none
}

// Body is what a step sends, under its key: json, form, text, multipart or graphql.
type Body struct {
	Key     string
	Content *node.Value
}

// Rule is a named set of limits for some endpoints.
type Rule struct {
	Name      string
	Looks     []string
	Endpoints []string
	Limits    []Pair
	// Step is the only request that the rule is about; nil: it is about others, or the file
	// has no requests.
	Step *Step
	// Of are the requests that the rule is about, where Endpoints does not say it.
	Of []*Step
	// Loads are those that the rule is about; nil: all.
	Loads []string
}

// isLive says whether a rule has something to judge: one whose requests are all comments is a
// comment, too.
func (r Rule) isLive() bool {
	if len(r.Of) > 0 {
		return slices.ContainsFunc(r.Of, func(s *Step) bool { return !s.Commented })
	}
	return r.Step == nil || !r.Step.Commented
}

// isOf says whether a rule is about a request by its name.
func (r Rule) isOf(s *Step) bool { return r.Step == s || slices.Contains(r.Of, s) }

// names are the endpoints of a rule: those that are sent, where one of its requests is.
func (r Rule) names() []string {
	names := slices.Clone(r.Endpoints)
	for _, s := range r.Of {
		if name := s.Endpoint(); (!s.Commented || !r.isLive()) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Methods are those that a step may have.
var Methods = []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

// Content is what a step sends; nil: it has no body.
func (s *Step) Content() *node.Value {
	if s.Body == nil {
		return nil
	}
	return s.Body.Content
}

// Endpoint is the name under which a step is counted.
func (s *Step) Endpoint() string {
	if s.Name != "" {
		return s.Name
	}
	name := s.Method + " " + template.Placeholders(s.Path)
	if of := s.operationName(); of != "" {
		name += " " + of
	}
	return name
}

// Look adds what a person must look at, once.
func (g *Group) Look(what string) {
	if !slices.Contains(g.Looks, what) {
		g.Looks = append(g.Looks, what)
	}
}

// Look adds what a person must look at, once.
func (s *Step) Look(what string) {
	if !slices.Contains(s.Looks, what) {
		s.Looks = append(s.Looks, what)
	}
}

// LookAll adds several.
func (s *Step) LookAll(what []string) {
	for _, one := range what {
		s.Look(one)
	}
}

// CommentOut makes a step a comment, for a reason.
func (s *Step) CommentOut(why string) {
	if why != "" && !slices.Contains(s.Looks, why) {
		s.Commented = true
		s.Looks = append(s.Looks, why)
	}
}

// HasHeader says whether a header is among some.
func HasHeader(headers []Pair, name string) bool {
	return slices.ContainsFunc(headers, func(h Pair) bool { return strings.EqualFold(h.Name, name) })
}

// Operation is the name of the operation of a document that is sent under a name, empty for its only one; many says
// that the document has others, and ok that thresholds.yaml can send it.
func Operation(document, asked string) (name string, many, ok bool) {
	all, err := graphql.Parse(document)
	if err != nil {
		return "", false, false
	}
	of, err := graphql.Choose(all, asked)
	return of.Name, len(all) > 1, err == nil && of.Kind != "subscription"
}

// operationName is the name of the operation that a step sends; empty: it sends none, or one without a name.
func (s *Step) operationName() string {
	if s.Body == nil || s.Body.Key != "graphql" {
		return ""
	}
	text, asked := "", ""
	for key, v := range node.Children("", s.Body.Content) {
		switch key {
		case "query":
			text = v.Value
		case "operation":
			asked = v.Value
		}
	}
	name, _, _ := Operation(text, asked)
	return name
}
