// Package reason names why a check came out as it did, what a cause is and what to do: stable
// codes with their arguments, so that no script, and no other package, has to match English.
// The words are made in report/wording; docs/codes.md lists both.
package reason

// Code is a stable name in lower case, such as too-few-requests. It keeps its meaning; a
// finding that means something else gets another code.
type Code string

// Args are the arguments of a code by name. Their values are of these types, and no other:
// string, int, int64, float64, time.Duration, time.Time, unit.Quantity, []string, Reason and
// []Reason. A text may come from the target or a file, and is as untrusted as those.
type Args map[string]any

// Reason is a code with its arguments. The zero value says nothing.
type Reason struct {
	Code Code
	Args Args
}

// With is the code with arguments.
func (c Code) With(args Args) Reason { return Reason{c, args} }

// Plain is the code without arguments.
func (c Code) Plain() Reason { return Reason{Code: c} }

// Given says whether there is a reason at all.
func (r Reason) Given() bool { return r.Code != "" }
