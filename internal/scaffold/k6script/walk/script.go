// Package walk reads what the users of a script of k6 do in a round: the requests and the waits, in
// their order. It follows the text of the script as far as that says what is done, and runs none of
// it. It knows JavaScript and k6, and nothing of drafts.
package walk

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/file"
	"github.com/grafana/sobek/parser"

	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// largest is how many bytes a script may have.
const largest = 1 << 20

// Script is a parsed script with what its text declares.
type Script struct {
	program *ast.Program
	global  *scope
	exports map[string]value
	looks   []string          // what a person must look at
	work    int               // how many expressions and statements were read
	asked   map[file.Idx]bool // where the requests are that were read
}

// parse reads the text of a script as a module, as k6 does.
func parse(text string) (*Script, error) {
	if len(text) > largest {
		return nil, fmt.Errorf("it is larger than %d KiB: give the script itself, not a bundle", largest>>10)
	}
	if line := tooNested(text); line > 0 {
		if err := input.OtherKind([]byte(text), "--k6"); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("line %d is nested too deep to be read", line)
	}
	program, err := program(text)
	if err != nil {
		if other := input.OtherKind([]byte(text), "--k6"); other != nil {
			return nil, other
		}
	}
	var wrong parser.ErrorList
	switch {
	case errors.As(err, &wrong) && len(wrong) > 0:
		return nil, notScript(wrong[0], text)
	case err != nil:
		return nil, errors.New("it is not JavaScript")
	}
	return &Script{program: program, exports: map[string]value{}, asked: map[file.Idx]bool{}}, nil
}

// program is a parsed text. The parser panics on some texts that are no script.
func program(text string) (p *ast.Program, err error) {
	defer func() {
		if recover() != nil {
			p, err = nil, errors.New("it is not JavaScript")
		}
	}()
	return parser.ParseFile(nil, "", text, parser.IgnoreRegExpErrors, parser.IsModule, parser.WithDisableSourceMaps)
}

// notScript says where a text stops being JavaScript.
func notScript(wrong *parser.Error, text string) error {
	line, column := max(wrong.Position.Line, 1), max(wrong.Position.Column, 1)
	if strings.Contains(wrong.Message, "end of input") {
		line, column = 1+strings.Count(text, "\n"), 1
	}
	why := fmt.Sprintf("line %d, column %d is not JavaScript", line, column)
	lines := strings.Split(text, "\n")
	if line <= len(lines) && typeScript.MatchString(lines[line-1]) {
		why += ": it looks like TypeScript; give the JavaScript that it is compiled to"
	}
	return errors.New(why)
}

// typeScript is what only TypeScript has on a line.
var typeScript = regexp.MustCompile(`^\s*(export\s+)?(interface|type|enum)\s+\w+|[\w)\]]\??\s*:\s*` +
	`(string|number|boolean|any|void|unknown|Options|Response|\w+\[\])\b|\bas\s+(const|string|number|any)\b`)

// line is the line of a place in the script, from 1.
func (s *Script) line(at file.Idx) int { return s.program.File.Position(int(at) - 1).Line }

// Look adds what a person must look at, once.
func (s *Script) Look(what string) {
	if !slices.Contains(s.looks, what) && len(s.looks) < mostLooks {
		s.looks = append(s.looks, what)
	}
}

// mostLooks is how much of a script a person is asked to look at.
const mostLooks = 100

// at says of something on which line it is.
func (s *Script) at(n ast.Node, what string) string {
	return fmt.Sprintf("line %d: %s", s.line(n.Idx0()), what)
}

// lookAt adds what a person must look at, with its line.
func (s *Script) lookAt(n ast.Node, what string) { s.Look(s.at(n, what)) }

// nameOf is what an expression is called, without the texts in it, which may be secrets.
func nameOf(e ast.Expression) string { return nameWithin(e, 0) }

// nameWithin is nameOf below some parts of the name: of a long chain the end is said.
func nameWithin(e ast.Expression, depth int) string {
	if depth > longestName {
		return "…"
	}
	depth++
	switch e := e.(type) {
	case *ast.Identifier:
		return secrets.Line(e.Name.String())
	case *ast.DotExpression:
		return nameWithin(e.Left, depth) + "." + secrets.Line(e.Identifier.Name.String())
	case *ast.BracketExpression:
		return nameWithin(e.Left, depth) + "[…]"
	case *ast.CallExpression:
		return nameWithin(e.Callee, depth) + "(…)"
	case *ast.NewExpression:
		return "new " + nameWithin(e.Callee, depth) + "(…)"
	case *ast.Optional:
		return nameWithin(e.Expression, depth)
	case *ast.OptionalChain:
		return nameWithin(e.Expression, depth)
	case *ast.AwaitExpression:
		return nameWithin(e.Argument, depth)
	}
	return "an expression"
}

// longestName is how many parts a name has that is said.
const longestName = 12

// lose is what the text does not say, with its line.
func (s *Script) lose(e ast.Expression) lost {
	return lost{s.at(e, nameOf(e)+" is known only when the script runs: write it")}
}

func number(v any) value {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case int:
		return float64(v)
	case float64:
		return v
	}
	return lost{"it has a number that init does not read"}
}

// Looks are what a person must look at.
func (s *Script) Looks() []string { return s.looks }

// toNumber is a value as a number, where it is none already.
func toNumber(s *Script, v value) value {
	if written, ok := known(v); ok {
		if f, err := strconv.ParseFloat(strings.TrimSpace(written), 64); err == nil {
			return f
		}
	}
	if t, ok := v.(text); ok && len(t.parts) == 1 && t.parts[0].Env != "" && t.parts[0].Otherwise != nil {
		if f, err := strconv.ParseFloat(*t.parts[0].Otherwise, 64); err == nil {
			s.Look(t.parts[0].Env + " is a number of the script's environment: here it has its default")
			return f
		}
	}
	return v
}
