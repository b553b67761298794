package postman

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/template"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

var (
	// Lines of scripts that are read.
	setting = regexp.MustCompile(`^(?:pm\.(?:environment|collectionVariables|globals|variables)\.set|` +
		`postman\.set(?:Environment|Global)Variable)\(\s*["']([^"']{1,100})["']\s*,\s*(.{1,300}?)\s*\);?$`)
	assigning = regexp.MustCompile(`^(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=\s*(.{1,300}?);?$`)
	status    = regexp.MustCompile(`^pm\.response\.to\.have\.status\((\d{3})\);?$`)
	equal     = regexp.MustCompile(`^pm\.expect\(pm\.response\.code\)\.to\.(?:be\.)?(?:equal|eql|eq)\((\d{3})\);?$`)
	oneOf     = regexp.MustCompile(`^pm\.expect\(pm\.response\.code\)\.to\.be\.oneOf\(\[([\d,\s]{3,60})\]\);?$`)
	nothing   = regexp.MustCompile(`^(//.*|/\*.*\*/|\}?\)?;?|["']use strict["'];?|console\.\w+\(.*\);?)$`)
	opening   = regexp.MustCompile(`^pm\.test\(\s*(?:"[^"]*"|'[^']*'|` + "`[^`]*`" + `)\s*,\s*` +
		`(?:function\s*\(\)|\(\)\s*=>)\s*\{`)
	// source is a value of an answer as a path from the whole of it, or from a name.
	source = regexp.MustCompile(`^(pm\.response\.json\(\)|JSON\.parse\(responseBody\)|[A-Za-z_$][\w$]*)` +
		`((?:\??\.[A-Za-z_$][\w$]*|\[\d{1,6}\]|\[["'][^"']{1,100}["']\])*)$`)
	part         = regexp.MustCompile(`\??\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\[["']([^"']+)["']\]`)
	answerHeader = regexp.MustCompile(`^pm\.response\.headers\.get\(\s*["']([^"']{1,100})["']\s*\)$`)
)

// events says that scripts of a folder or of the whole are left out.
func (c *collection) events(list gjson.Result, of string) {
	for _, e := range list.Array() {
		if strings.TrimSpace(strings.Join(linesOf(e), "")) != "" {
			c.look("left out: a script of " + of)
		}
	}
}

// scripts reads the scripts of a request: what they set becomes a value of its answer, and what they
// expect an expectation.
func (c *collection) scripts(r *written.Request, list gjson.Result) {
	for _, e := range list.Array() {
		lines := linesOf(e)
		if e.Get("listen").String() != "test" {
			if strings.TrimSpace(strings.Join(lines, "")) != "" {
				r.Looks = append(r.Looks, "left out: its script before the request")
			}
			continue
		}
		s := &script{collection: c, request: r, names: map[string]place{}}
		for i, line := range lines {
			if !s.line(strings.TrimSpace(line)) {
				s.unread = append(s.unread, i+1)
			}
		}
		if len(s.unread) > 0 {
			r.Looks = append(r.Looks,
				fmt.Sprintf("left out: line %d of its test script, and what is like it", s.unread[0]))
		}
	}
}

// linesOf are the lines of the script of an event.
func linesOf(e gjson.Result) (lines []string) {
	exec := e.Get("script.exec")
	if exec.IsArray() {
		for _, one := range exec.Array() {
			lines = append(lines, strings.Split(one.String(), "\n")...)
		}
		return lines
	}
	return strings.Split(exec.String(), "\n")
}

// script is a script on its way to be read.
type script struct {
	*collection
	request *written.Request
	names   map[string]place
	unread  []int
}

// place is where a value of an answer is.
type place struct{ where, key string }

// line reads a line, and says whether it was read.
func (s *script) line(line string) bool {
	if m := opening.FindString(line); m != "" {
		line = strings.TrimSpace(strings.TrimPrefix(line, m))
		line = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(line, ";"), "})"))
	}
	switch {
	case line == "" || nothing.MatchString(line):
		return true
	case status.MatchString(line):
		s.expect("status == " + status.FindStringSubmatch(line)[1])
		return true
	case equal.MatchString(line):
		s.expect("status == " + equal.FindStringSubmatch(line)[1])
		return true
	case oneOf.MatchString(line):
		s.expect("status in [" + strings.Join(strings.FieldsFunc(oneOf.FindStringSubmatch(line)[1],
			func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }), ", ") + "]")
		return true
	}
	if m := setting.FindStringSubmatch(line); m != nil {
		at, ok := s.place(m[2])
		if ok {
			s.set[m[1]] = &written.Answer{Of: s.request, Where: at.where, Key: at.key, Name: m[1]}
		} else {
			delete(s.set, m[1])
		}
		return ok
	}
	if m := assigning.FindStringSubmatch(line); m != nil {
		at, ok := s.place(m[2])
		if ok {
			s.names[m[1]] = at
		}
		return ok
	}
	return false
}

func (s *script) expect(code string) {
	for _, has := range s.request.Expect {
		if has == code {
			return
		}
	}
	s.request.Expect = append(s.request.Expect, code)
}

// place is where an expression finds a value in the answer; ok is false where it is none so simple.
func (s *script) place(text string) (at place, ok bool) {
	if m := answerHeader.FindStringSubmatch(text); m != nil {
		return place{"headers[" + template.Quote(m[1]) + "]", m[1]}, true
	}
	m := source.FindStringSubmatch(text)
	if m == nil {
		return at, false
	}
	at = place{where: "body"}
	if !strings.Contains(m[1], "(") {
		if at, ok = s.names[m[1]]; !ok {
			return at, false
		}
	}
	for _, p := range part.FindAllStringSubmatch(m[2], -1) {
		switch {
		case p[2] != "":
			at.where += "[" + p[2] + "]"
		case p[1] != "" && expr.ValidName(p[1]) && !expr.Reserved(p[1]):
			at.where, at.key = at.where+"."+p[1], p[1]
		default:
			at.where, at.key = at.where+"["+template.Quote(p[1]+p[3])+"]", p[1]+p[3]
		}
	}
	return at, true
}
