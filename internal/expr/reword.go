package expr

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// The library's messages name tokens and Go types and draw the source below. These
// tables say the same in the words of this package: one sentence, with what to write
// instead. $1, $2 … are the pattern's groups; types in them are named in words.

type rewording struct {
	pattern *regexp.Regexp
	message string
}

func reword(pattern, message string) rewording {
	return rewording{regexp.MustCompile("(?s)^" + pattern + "$"), message}
}

var syntaxMessages = []rewording{
	reword(`unexpected token EOF`, `the expression ends too early; complete it or remove the last operator`),
	reword(`unexpected token Operator\("="\)`, `"=" does not compare; write ==`),
	reword(`unexpected token Operator\("(&|\|)"\)`, `"$1" is not an operator; write $1$1`),
	reword(`unexpected token Bracket\("([\)\]}])"\)`, `"$1" closes nothing; remove it or complete what is before it`),
	reword(`unexpected token (?:Identifier|Number|Bracket)\("(.*)"\)`,
		`"$1" is not expected here; write an operator such as == or + before it`),
	reword(`unexpected token String\("(.*)"\)`,
		`the text "$1" is not expected here; write an operator such as == or + before it`),
	reword(`unexpected token Operator\("(.*)"\)`, `"$1" is not expected here; write a value before it or remove it`),
	reword(`literal not terminated`, `the text is not closed; add the missing quote`),
	reword(`unrecognized character: U\+\w+ '(.*)'`, `"$1" has no meaning here; put text in quotes`),
	reword(`bad number syntax: (.*)`, `$1 is not a number; put text in quotes`),
	reword(`unclosed comment`, `the comment is not closed; add */`),
	reword(`invalid (\w+) literal: .*`, `the number is too large or malformed; write one of at most 18 digits`),
	reword(`(integer|float) literal is too large`, `the number is too large; write one of at most 18 digits`),
	reword(`unexpected end of expression|expected name`, `a name is missing after the dot; write one such as body.id`),
	reword(`expected at least (\d+) arguments`,
		`the function needs more arguments; write one such as filter(list, # > 1)`),
	reword(`compilation failed: expression exceeds maximum allowed nodes`,
		`the expression is too long; write it in simpler parts`),
	reword(`wrap predicate with brackets { and }`, `an expression has one value; remove the semicolon`),
	reword(`Operator \((.*)\) and coalesce expressions.*`, `?? and $1 are mixed; put one of them in parentheses`),
	reword(`a map key must be.*`, `the key of a map is missing; write {name: value}`),
	reword(`invalid (?:char )?escape.*|unable to unescape.*`,
		`the text holds an unknown escape; write \\ for a backslash`),
}

var typeMessages = []rewording{
	reword(`invalid operation: (==|!=|<|<=|>|>=) \(mismatched types (.*) and (.*)\)`,
		`cannot compare <$2> with <$3>; compare values of one kind`),
	reword(`invalid operation: (\+) \(mismatched types string and .*\)`,
		`cannot add text and another value; write string(value) to make it text`),
	reword(`invalid operation: (\+) \(mismatched types .* and string\)`,
		`cannot add another value and text; write string(value) to make it text`),
	reword(`invalid operation: (and|or|&&|\|\|) \(mismatched types (.*) and (.*)\)`,
		`$1 joins conditions, got <$2> and <$3>; write comparisons on both sides`),
	reword(`invalid operation: (matches|contains|startsWith|endsWith) \(mismatched types (.*) and (.*)\)`,
		`$1 needs text on both sides, got <$2> and <$3>; write string(value) to make text`),
	reword(`invalid operation: in \(mismatched types (.*) and (.*)\)`,
		`in needs a list on the right, got <$2>; write one such as [200, 201]`),
	reword(`invalid operation: (\S+) \(mismatched types (.*) and (.*)\)`,
		`"$1" does not work on <$2> and <$3>; use numbers on both sides`),
	reword(`invalid operation: (!|not) \(mismatched type (.*)\)`,
		`$1 needs true or false, got <$2>; write a comparison`),
	reword(`invalid operation: (\S+) \(mismatched type (.*)\)`, `"$1" needs a number, got <$2>; remove it`),
	reword(`cannot use (.*) as type (.*) in array`, `<$1> is never in a list of <$2> values; use values of one kind`),
	reword(`cannot use (.*) as type (.*) in map key`, `<$1> is never a key; the keys of a map are text`),
	reword(`builtin (\w+) takes only array \(got (.*)\)`, `$1 needs a list, got <$2>; write one such as body.items`),
	reword(`builtin (\w+) .*`, `$1 does not work on this value; give it a list of numbers`),
	reword(`predicate should return boolean \(got (.*)\)`,
		`the condition is <$1>, not true or false; write a comparison such as # > 1`),
	reword(`non-bool expression \(type (.*)\) used as condition`,
		`the condition is <$1>, not true or false; write a comparison`),
	reword(`cannot slice (.*)`, `<$1> has no parts; take a slice of text or a list`),
	reword(`non-integer slice index (.*)`, `<$1> is not a position; write a whole number`),
	reword(`error parsing regexp: (.*)`,
		"the pattern is not a regular expression ($1); write \\\\ before a character that stands for itself"),
	reword(`cannot use pointer accessor outside predicate`,
		`# stands for an item only inside filter, map, any and the like; write a name`),
	reword(`unknown pointer #(.*)`, `#$1 is unknown; write # for the item`),
	reword(`cannot use (.*) as array`, `# stands for an item only inside filter, map, any and the like; write a name`),
	reword(`(?:runtime error: )?integer divide by zero`, `the expression divides by zero; write another divisor`),
	reword(`constant .* overflows .*`, `the number is too large; write a smaller one`),
}

var runMessages = []rewording{
	reword(`memory budget exceeded`, errBudget.Error()),
	reword(`runtime error: integer divide by zero`, dynamic.ErrDivideByZero.Error()),
	reword(`interface conversion: interface \{\} is (.*), not (.*)`, `the value is <$1>, not <$2>`),
	reword(`invalid argument for len \(type (.*)\)`, `a list or text is needed, got <$1>`),
	reword(`cannot slice (.*)`, `a list or text is needed, got <$1>`),
	reword(`invalid operation: (\S+) ([+\-*/%<>=]+) (\S+)`, `cannot use $2 on <$1> and <$3>`),
}

func syntaxError(source string, shift int, err error) *Error {
	return translate(source, shift, err, syntaxMessages)
}

func typeError(source string, shift int, err error) *Error {
	return translate(source, shift, err, typeMessages)
}

// translate places the library's error in the source and says it in the words
// of a table. Messages of our own functions pass unchanged.
func translate(source string, shift int, err error, table []rewording) *Error {
	offset, message := 0, firstLine(err.Error())
	if located, ok := asFileError(err); ok {
		offset, message = place(source, located.Location), firstLine(located.Message)
	}
	if text, ok := say(table, message); ok {
		return errorAt(shift+offset, "%s", text)
	}
	if strings.Contains(message, "; ") {
		return errorAt(shift+offset, "%s", message) // one of ours
	}
	return errorAt(shift+offset, "%s", message+"; correct the expression there")
}

// runtimeError returns the short cause of the machine's failure: our own error
// where one of our functions stopped it.
func runtimeError(err error) error {
	located, ok := asFileError(err)
	if !ok {
		return err
	}
	if located.Prev != nil {
		if text, ok := say(runMessages, located.Prev.Error()); ok {
			return errors.New(text)
		}
		return located.Prev
	}
	if text, ok := say(runMessages, located.Message); ok {
		return errors.New(text)
	}
	return errors.New(firstLine(located.Message))
}

// say finds the message in a table and fills its groups in.
func say(table []rewording, message string) (text string, ok bool) {
	for _, r := range table {
		groups := r.pattern.FindStringSubmatch(message)
		if groups == nil {
			continue
		}
		text = r.message
		for i := len(groups) - 1; i > 0; i-- {
			text = strings.ReplaceAll(text, fmt.Sprintf("<$%d>", i), goType(groups[i]))
			text = strings.ReplaceAll(text, fmt.Sprintf("$%d", i), groups[i])
		}
		return text, true
	}
	return "", false
}

// goType names a Go type, as the library prints it, in words.
func goType(name string) string {
	switch name {
	case "int", "float64":
		return "a number"
	case "string", "json.Number", "[]uint8":
		return "text"
	case "bool":
		return "true or false"
	case "time.Time":
		return "a time"
	case "time.Duration":
		return "a duration"
	case "nil", "<nil>":
		return "nil"
	case "unknown", "interface {}":
		return "a value"
	}
	if strings.HasPrefix(name, "map") {
		return "a map"
	}
	return "a list"
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
