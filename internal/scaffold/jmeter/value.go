package jmeter

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/template"
)

// names is what the variables of a plan are.
type names struct {
	draft    *draft.Draft
	constant map[string]string // as the plan writes them
	columns  map[string]string // of tables, as expressions
	captured map[string]string // of the group, as expressions
	unnamed  string            // the table whose columns are in its file alone; empty: there is none
	budget   int               // how many references are still followed
	defaults bool              // properties are read as their defaults
	took     bool              // one was
}

// longestText is how long a text may become with its variables, in bytes.
const longestText = 200_000

// template is a text of the plan as one of thresholds.yaml. What is not read of it is said.
func (n *names) template(text string) (t string, problem string) { return n.resolve(text, 0) }

func (n *names) resolve(text string, depth int) (t string, problem string) {
	var out strings.Builder
	for text != "" {
		begin := strings.Index(text, "${")
		if begin < 0 {
			out.WriteString(template.Escape(text))
			break
		}
		end := referenceEnd(text[begin:])
		if end < 0 {
			out.WriteString(template.Escape(text))
			break
		}
		out.WriteString(template.Escape(text[:begin]))
		one, why := n.reference(text[begin+2:begin+end-1], depth)
		if problem == "" {
			problem = why
		}
		out.WriteString(one)
		if out.Len() > longestText {
			return "", "it is longer than can be read"
		}
		text = text[begin+end:]
	}
	return out.String(), problem
}

// referenceEnd is where the reference at the beginning of a text ends; -1: it does not.
func referenceEnd(text string) int {
	depth := 0
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// reference is a variable or a function of a plan as a template.
func (n *names) reference(name string, depth int) (t, problem string) {
	name = strings.TrimSpace(name)
	if n.budget--; n.budget < 0 || depth > 10 {
		return "", "its variables refer to each other too often to be read"
	}
	if strings.HasPrefix(name, "__") {
		return n.function(name, depth)
	}
	switch v, known := n.constant[name]; {
	case n.captured[name] != "":
		return "${ " + n.captured[name] + " }", ""
	case n.columns[name] != "":
		return "${ " + n.columns[name] + " }", needsTable(n.columns[name])
	case known:
		plain := !strings.Contains(v, "${")
		if secrets.InName(name) && !strings.HasPrefix(v, "${") && v != "" || plain && secrets.Is(name, v) {
			variable := n.draft.SecretOf(name, v)
			n.draft.AddLook(fmt.Sprintf("set %s: the value of the variable %s is not here",
				variable, naming.Line(name)))
			return n.draft.Secret(variable), ""
		}
		return n.resolve(v, depth+1)
	case n.unnamed != "" && columnName.MatchString(name):
		return "${ " + n.unnamed + "." + name + " }", needsTable(n.unnamed)
	}
	return "", fmt.Sprintf("the variable %s is not in the plan", name)
}

// needsTable is why a text cannot be sent as it is: no file is beside a draft.
func needsTable(column string) string {
	table, _, _ := strings.Cut(column, ".")
	return "it needs the table " + table + ", which is a comment in this file"
}

var (
	columnName   = regexp.MustCompile(`^[A-Za-z_][A-Za-z_0-9]*$`)
	functionCall = regexp.MustCompile(`(?s)^__(\w+)(?:\((.*)\))?$`)
	wholeNumber  = regexp.MustCompile(`^-?\d{1,15}$`)
	propertyName = regexp.MustCompile(`^[A-Za-z_][\w.-]*$`)
)

// function is a function of JMeter as a template.
func (n *names) function(call string, depth int) (t, problem string) {
	m := functionCall.FindStringSubmatch(call)
	if m == nil {
		return "", "a function that is not read"
	}
	args := arguments(m[2])
	arg := func(i int) string {
		if i < len(args) {
			return strings.TrimSpace(args[i])
		}
		return ""
	}
	switch m[1] {
	case "P", "property":
		otherwise := arg(1)
		if m[1] == "property" {
			otherwise = arg(2)
		}
		return n.property(arg(0), otherwise, depth)
	case "env":
		return n.property(arg(0), arg(2), depth)
	case "Random":
		low, _ := n.resolve(arg(0), depth+1)
		high, _ := n.resolve(arg(1), depth+1)
		if wholeNumber.MatchString(low) && wholeNumber.MatchString(high) {
			return "${ int(" + low + ", " + high + ") }", ""
		}
	case "UUID":
		return "${ uuid() }", ""
	case "time":
		return timeOf(arg(0))
	case "counter":
		return "${ seq() }", ""
	case "urlencode", "unescape", "escapeHtml":
		if m[1] == "urlencode" { // a path, a query and a form escape what they need to
			return n.resolve(arg(0), depth+1)
		}
	}
	return "", "the function __" + m[1] + " is not read"
}

// property is a property or a variable of the environment as the latter.
func (n *names) property(name, otherwise string, depth int) (t, problem string) {
	if !propertyName.MatchString(name) {
		return "", "a property that is not read"
	}
	plain, problem := n.resolve(otherwise, depth+1)
	if problem != "" || template.HasExpression(plain) {
		return "", "the default of the property " + name + " is not read"
	}
	if n.defaults {
		n.took = true
		return plain, ""
	}
	variable := draft.VariableFor(name)
	if secrets.InName(name) || secrets.IsHeader(name) || secrets.Is(name, plain) {
		return n.draft.Secret(variable), ""
	}
	return n.draft.Variable(variable, plain), ""
}

// arguments are those of a call: commas in calls and after a backslash do not part them.
func arguments(text string) (all []string) {
	depth, from := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '(', '{':
			depth++
		case ')', '}':
			depth--
		case ',':
			if depth == 0 {
				all, from = append(all, text[from:i]), i+1
			}
		}
	}
	return append(all, text[from:])
}

// dateParts are what formats of Java and of strftime call the parts of a time.
var dateParts = strings.NewReplacer("yyyy", "%Y", "MM", "%m", "dd", "%d", "HH", "%H", "mm", "%M", "ss", "%S",
	"SSS", "%L", "'T'", "T", "'Z'", "Z")

var (
	dateFormat = regexp.MustCompile(`^(yyyy|MM|dd|HH|mm|ss|SSS|'T'|'Z'|[-/:. _])+$`)
	seconds    = regexp.MustCompile(`^/1000$`)
)

// timeOf is the time of now in a format of Java.
func timeOf(format string) (t, problem string) {
	switch {
	case format == "":
		return "${ epochMs(now()) }", ""
	case seconds.MatchString(format):
		return "${ epoch(now()) }", ""
	case dateFormat.MatchString(format):
		return "${ format(" + template.Quote(dateParts.Replace(format)) + ", now()) }", ""
	}
	return "", "the function __time in this format is not read"
}

// number is a number of a plan, or the default of the property that it is.
func (n *names) number(text string) (value string, ok bool) {
	m := functionCall.FindStringSubmatch(strings.TrimSuffix(strings.TrimPrefix(text, "${"), "}"))
	if m != nil && (m[1] == "P" || m[1] == "property") {
		args := arguments(m[2])
		return n.number(strings.TrimSpace(args[len(args)-1]))
	}
	if name, ok := strings.CutPrefix(text, "${"); ok && n.budget > 0 {
		n.budget--
		return n.number(n.constant[strings.TrimSuffix(name, "}")])
	}
	return text, wholeNumber.MatchString(text)
}
