// Package wording puts reasons into words: for each code a template of what it says and of what
// to do. All prose of checks and causes is made here, and nothing reads it again.
package wording

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/verdict"
)

// words are the templates of a code (see fill). They are parts of sentences: lower case, without
// a full stop.
type words struct {
	title string // a cause's, a few words
	says  string // what was found, never without its figures
	todo  string // what to do about it; empty where nothing is to be done
	brief string // of says, for where there is no room; empty: its first clause
}

// table is the words of some codes.
type table map[reason.Code]words

// section is a table with its heading in docs/codes.md.
type section struct {
	heading string
	words   table
}

// sections are all words there are, in the order of docs/codes.md.
var sections = []section{
	{"Limits", limitWords},
	{"Resources", resourceWords},
	{"The load", loadWords},
	{"The run's health", healthWords},
	{"Files of other tools", foreignWords},
	{"Advice", adviceWords},
	{"Failed requests", failureWords},
	{"The generator", generatorWords},
	{"The target's addresses", targetWords},
	{"The run", runWords},
	{"Exceptions", exceptionWords},
	{"Comparisons", regressWords},
	{"Capacity", capacityWords},
	{"Causes", causeWords},
}

var all = merged()

func merged() table {
	all := table{}
	for _, s := range sections {
		maps.Copy(all, s.words)
	}
	return all
}

// Text is what a reason says; empty of none.
func Text(r reason.Reason) string { return fill(all[r.Code].says, r.Args) }

// Todo is what to do about a reason by itself; empty where nothing is to be done.
func Todo(r reason.Reason) string { return fill(all[r.Code].todo, r.Args) }

// Title is a few words for a reason that is a cause.
func Title(r reason.Reason) string { return fill(all[r.Code].title, r.Args) }

// Brief is what a reason says in a few words, for where there is no room for more.
func Brief(r reason.Reason) string {
	w := all[r.Code]
	return fill(cmp.Or(w.brief, firstClause(w.says, ";:")), r.Args)
}

// Next is the first clause of what to do about a reason, for a line that says what would decide.
func Next(r reason.Reason) string { return fill(firstClause(all[r.Code].todo, ";:,"), r.Args) }

// firstClause is a template up to the first sign that ends a clause, outside of braces and
// brackets.
func firstClause(template, ends string) string {
	depth := 0
	for at, c := range template {
		switch c {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if depth == 0 && strings.ContainsRune(ends, c) {
			return template[:at]
		}
	}
	return template
}

// texts are what several reasons say, each once.
func texts(reasons []reason.Reason) []string { return each(reasons, Text) }

// todos are what to do about several reasons, each once.
func todos(reasons []reason.Reason) []string { return each(reasons, Todo) }

func each(reasons []reason.Reason, write func(reason.Reason) string) []string {
	var all []string
	for _, r := range reasons {
		if text := write(r); text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// Reason is why a check came out as it did, in one sentence; empty for a plain pass.
func Reason(c verdict.Check) string {
	if !c.Because.Given() {
		return c.Reason
	}
	return strings.Join(texts(append([]reason.Reason{c.Because}, c.Also...)), "; ")
}

// Remedy is what to do about a check; empty where nothing is to be done.
func Remedy(c verdict.Check) string {
	switch {
	case len(c.Remedies) > 0:
		return strings.Join(todos(c.Remedies), "; ")
	case !c.Because.Given():
		return c.Remedy
	}
	return Todo(c.Because)
}

// CauseTitle is a cause in a few words.
func CauseTitle(c verdict.Cause) string {
	if !c.Because.Given() {
		return c.Title
	}
	return Title(c.Because)
}

// CauseEvidence is what was measured of a cause.
func CauseEvidence(c verdict.Cause) string {
	if !c.Because.Given() {
		return c.Evidence
	}
	return strings.Join(texts(append([]reason.Reason{c.Because}, c.Also...)), "; ")
}

// CauseNext is where to look next.
func CauseNext(c verdict.Cause) string {
	switch {
	case len(c.Remedies) > 0:
		return strings.Join(todos(c.Remedies), "; ")
	case !c.Because.Given():
		return c.Next
	}
	return Todo(c.Because)
}
