package jmeter

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// check gives a step what its answer has to pass.
func (g *group) check(st *draft.Step, assertions []item) {
	var tests []string
	status := false
	for _, a := range assertions {
		test, ofStatus := "", false
		switch a.tag {
		case "ResponseAssertion":
			test, ofStatus = statusTest(a)
		case "JSONPathAssertion":
			test = g.jsonTest(a)
		}
		if test == "" {
			st.Look(g.about(a.element, "is not read: write expect, or a limit"))
			continue
		}
		status = status || ofStatus
		if !slices.Contains(tests, test) {
			tests = append(tests, test)
		}
	}
	if len(tests) > 0 && !status {
		tests = append([]string{"status < 300"}, tests...)
	}
	st.Expect = strings.Join(tests, " && ")
}

var (
	oneStatus     = regexp.MustCompile(`^\d{3}$`)
	severalStatus = regexp.MustCompile(`^\^?\(?\d{3}(\|\d{3})*\)?\$?$`)
	statusClass   = regexp.MustCompile(`^([1-5])(\.\.|\\d\\d|\\d\{2\}|\[0-9\]\[0-9\])$`)
	threeDigits   = regexp.MustCompile(`\d{3}`)
)

// Bits of the kind of a ResponseAssertion.
const (
	notBit = 4
	orBit  = 32
)

// statusTest is an assertion on the code of an answer as a test; empty: it is another one.
func statusTest(a item) (test string, ok bool) {
	kind, err := strconv.Atoi(a.prop("Assertion.test_type"))
	if a.prop("Assertion.test_field") != "Assertion.response_code" || err != nil {
		return "", false
	}
	var codes []string
	list := a.parts("Asserion.test_strings") // as JMeter spells it
	for _, p := range append(list, a.parts("Assertion.test_strings")...) {
		text := strings.TrimSpace(p.text)
		m := statusClass.FindStringSubmatch(text)
		switch {
		case oneStatus.MatchString(text), severalStatus.MatchString(text) && kind&(8|16) == 0:
			codes = append(codes, threeDigits.FindAllString(text, -1)...)
		case m != nil && kind&notBit == 0 && len(list) == 1:
			return fmt.Sprintf("status in %s00..%s99", m[1], m[1]), true
		default:
			return "", false
		}
	}
	switch {
	case len(codes) == 0, len(codes) > 1 && len(list) > 1 && kind&(orBit|notBit) == 0: // no answer has two codes
		return "", false
	case len(codes) == 1 && kind&notBit != 0:
		return "status != " + codes[0], true
	case len(codes) == 1:
		return "status == " + codes[0], true
	case kind&notBit != 0:
		return "status not in [" + strings.Join(codes, ", ") + "]", true
	}
	return "status in [" + strings.Join(codes, ", ") + "]", true
}

// jsonTest is an assertion on a field of an answer in JSON; empty: it is not read.
func (g *group) jsonTest(a item) string {
	where := fieldOf(a.prop("JSON_PATH"))
	want, problem := g.names.template(a.prop("EXPECTED_VALUE"))
	if showsSecret(where, want) {
		return ""
	}
	if where == "" || a.prop("INVERT") == "true" || problem != "" || strings.Contains(want, "${") {
		return ""
	}
	switch {
	case a.prop("JSONVALIDATION") != "true":
		return where + " != nil"
	case a.prop("EXPECT_NULL") == "true":
		return where + " == nil"
	case a.prop("ISREGEX") == "true" && !plainWord.MatchString(want):
		return ""
	}
	return "string(" + where + ") == " + template.Quote(want)
}

// nameInPath is a name within an expression for a value of an answer.
var nameInPath = regexp.MustCompile(`[\pL_][\pL\pN_-]*`)

// showsSecret says whether a test of a value of an answer would show a secret: by a name that leads to the value, or
// by the form of what it is compared with.
func showsSecret(where, want string) bool {
	names := nameInPath.FindAllString(where, 50)
	for i, name := range names {
		last := i == len(names)-1
		if secrets.IsName(name) || want != "" && (last || secrets.InName(name) || secrets.HoldsSecrets(name)) &&
			(secrets.Is(name, want) || secrets.IsNumber(name, want)) {
			return true
		}
	}
	return secrets.InValue(want)
}

// searched are the parts of a regular expression that stand for the text that is searched.
var searched = regexp.MustCompile(`\([^()]*\)`)

// patternShowsSecret says whether a regular expression holds a secret beside what it searches.
func patternShowsSecret(pattern string) bool {
	rest := searched.ReplaceAllString(pattern, "")
	_, names := secrets.Mask(rest, func(_, _ string) string { return "" })
	return len(names) > 0 || secrets.InValue(rest)
}

var plainWord = regexp.MustCompile(`^[\w -]*$`)

var pathPart = regexp.MustCompile(`^(?:\.([A-Za-z_]\w*)|\[(\d+|\*)\]|\['([^'\]]+)'\])`)

// fieldOf is a path of JSONPath as an expression; empty: it is not read.
func fieldOf(path string) string {
	rest, ok := strings.CutPrefix(strings.TrimSpace(path), "$")
	if !ok {
		return ""
	}
	where := "body"
	for rest != "" {
		m := pathPart.FindStringSubmatch(rest)
		switch {
		case m == nil:
			return ""
		case m[2] == "*":
			if strings.HasPrefix(where, "pick(") {
				return ""
			}
			where = "pick(" + where + ")"
		case m[2] != "":
			where += "[" + m[2] + "]"
		default:
			name := m[1] + m[3]
			if expr.ValidName(name) && !expr.Reserved(name) {
				where += "." + name
			} else {
				where += "[" + template.Quote(name) + "]"
			}
		}
		rest = rest[len(m[0]):]
	}
	return where
}

// findCaptures gives names to what requests of the group capture, wherever it is used.
func (g *group) findCaptures(items []item) {
	for _, i := range items {
		for _, name := range referencesOf(i) {
			if name == "" || g.names.captured[name] != "" {
				continue
			}
			g.names.captured[name] = draft.UnusedName(name, func(n string) bool {
				for _, taken := range g.names.captured {
					if taken == n {
						return true
					}
				}
				return slices.ContainsFunc(g.draft.Data, func(t draft.Table) bool { return t.Name == n })
			})
		}
		g.findCaptures(i.below)
	}
}

// referencesOf are the variables that an extractor sets.
func referencesOf(i item) (all []string) {
	switch i.tag {
	case "JSONPostProcessor":
		for _, name := range strings.Split(i.prop("JSONPostProcessor.referenceNames"), ";") {
			all = append(all, strings.TrimSpace(name))
		}
	case "RegexExtractor":
		all = append(all, i.prop("RegexExtractor.refname"))
	}
	return all
}

// capture gives a step what extractors take from its answer.
func (g *group) capture(st *draft.Step, extractors []item) {
	for _, x := range extractors {
		names := referencesOf(x)
		var values []string
		switch x.tag {
		case "JSONPostProcessor":
			values = jsonValues(x)
		case "RegexExtractor":
			values = []string{g.regexValue(st, x)}
		default:
			st.Look(g.about(x.element, "is not read: write capture"))
			continue
		}
		for n, name := range names {
			if n >= len(values) || values[n] == "" || name == "" {
				st.Look(g.about(x.element, "is not read: write capture for "+naming.Line(name)))
				continue
			}
			c := draft.Pair{Name: g.names.captured[name], Text: values[n]}
			if !slices.ContainsFunc(st.Captures, func(o draft.Pair) bool { return o.Name == c.Name }) {
				st.Captures = append(st.Captures, c)
			}
		}
	}
}

// jsonValues are the expressions of a JSONPostProcessor, empty where one is not read.
func jsonValues(x item) (all []string) {
	numbers := strings.Split(x.prop("JSONPostProcessor.match_numbers"), ";")
	for n, path := range strings.Split(x.prop("JSONPostProcessor.jsonPathExprs"), ";") {
		number := numbers[min(n, len(numbers)-1)]
		where := fieldOf(path)
		if showsSecret(where, "") {
			where = ""
		}
		if before, after, several := strings.Cut(where, ")"); several && strings.HasPrefix(before, "pick(") {
			at, err := strconv.Atoi(strings.TrimSpace(number))
			switch {
			case err == nil && at > 0 && at < 10_000:
				where = fmt.Sprintf("%s[%d]%s", strings.TrimPrefix(before, "pick("), at-1, after)
			case err == nil && at < 0:
				where = ""
			}
		}
		all = append(all, where)
	}
	return all
}

// jsonField is a regular expression for a field of JSON in a text.
var jsonField = regexp.MustCompile(`^\\?"(\w+)\\?"\s*(?:\\s[*+])?:(?:\\s[*+]|\s)*\\?"?\(([^()]+)\)[\\",}\]]*$`)

// regexValue is the expression of a RegexExtractor; empty: it is not read.
func (g *group) regexValue(st *draft.Step, x item) string {
	pattern := x.prop("RegexExtractor.regex")
	group := strings.Trim(x.prop("RegexExtractor.template"), "$")
	number := x.prop("RegexExtractor.match_number")
	if _, err := regexp.Compile(pattern); err != nil || strings.Contains(pattern, "${") || pattern == "" ||
		patternShowsSecret(pattern) || number != "1" && number != "0" && number != "" ||
		group != "" && !wholeNumber.MatchString(group) {
		return ""
	}
	switch x.prop("RegexExtractor.useHeaders") {
	case "", "false", "unescaped":
	default:
		return ""
	}
	if m := jsonField.FindStringSubmatch(pattern); m != nil && (group == "1" || group == "") && expr.ValidName(m[1]) &&
		!expr.Reserved(m[1]) {
		st.Look(g.about(x.element, "looks for the field "+m[1]+" anywhere: here it is that of the answer itself"))
		return "body." + m[1]
	}
	st.Look(g.about(x.element, "needs a text: where the answer is JSON, write body.FIELD"))
	if group == "" {
		group = "1"
	}
	return "extract(body, " + template.Quote(pattern) + ", " + group + ")"
}
