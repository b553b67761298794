package expr

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/file"
)

// Error is a mistake in an expression. Offset counts bytes from 0 in the text
// that was given, for templates in the whole template. Message says what is
// wrong and what to write instead, in one sentence without a place. Unknown is the name
// that nothing declares, and Variable the one of the environment that is not listed
// under env:, or not set, where that is the mistake.
type Error struct {
	Offset   int
	Message  string
	Unknown  string
	Variable string
}

func (e *Error) Error() string { return e.Message }

func errorAt(offset int, format string, args ...any) *Error {
	return &Error{Offset: offset, Message: fmt.Sprintf(format, args...)}
}

// place returns the byte offset of a library location, which counts runes.
func place(source string, at file.Location) int {
	runes := 0
	for offset := range source {
		if runes == at.From {
			return offset
		}
		runes++
	}
	return len(source)
}

// asFileError returns the library's error with its place.
func asFileError(err error) (*file.Error, bool) {
	var located *file.Error
	ok := errors.As(err, &located)
	return located, ok
}

// OfNil says whether an evaluation failed because a value was nil. Every message of this package and of its
// library that says so names nil, as describe does; a test evaluates each operator and function with nil.
func OfNil(err error) bool { return err != nil && strings.Contains(err.Error(), "nil") }
