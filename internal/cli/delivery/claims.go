package delivery

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/usage"
)

// Claims are the files that a command reads or writes, by where their paths lead, each with what it
// holds. The zero value has none. It is not safe for concurrent use.
type Claims struct {
	held map[string]string
	err  error // of files that overwrite each other whatever reports are asked for
}

// ClaimsIn are those of a command that reads limits, and writes its verdict and more files into a
// folder. Names that are links to the limits or to each other are an error of Flags.Check.
func ClaimsIn(limits, folder string, names ...string) (c Claims) {
	c.Hold(limits, "the file with the limits")
	flag, verdict := "--out "+usage.Quote(folder), filepath.Join(folder, output.VerdictFile)
	errs := []error{c.Claim(verdict, reportNamed("verdict"), flag, "folder")}
	for _, name := range names {
		path := filepath.Join(folder, name)
		errs = append(errs, c.Claim(path, "the command's own "+usage.Quote(path), flag, "folder"))
	}
	c.err = errors.Join(errs...)
	return c
}

// Hold keeps a file from being overwritten. Holds says what it is, such as "the result".
func (c *Claims) Hold(file, holds string) {
	if c.held == nil {
		c.held = map[string]string{}
	}
	c.held[output.RealPath(file)] = holds
}

// Claim is Hold for a file that will be written. The error is an overwriteError where the file holds
// something else; flag is the one to change, and remedy what to change about it. A stream or a pipe takes
// one report, since two would run into each other, unless they have different names; os.DevNull takes
// any number.
func (c *Claims) Claim(file, holds, flag, remedy string) error {
	if err := output.CheckLinks(file); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	real := output.RealPath(file)
	if real == os.DevNull {
		return nil
	}
	if stream := output.RedirectedInto(file); stream != "" {
		return overwriteError{flag, file, stream, remedy}
	}
	switch other, ok := c.held[real]; {
	case ok && output.IsDevice(file):
		return fmt.Errorf("%s: %s already gets %s; write another %s", flag, usage.Quote(file), other, remedy)
	case ok && other != holds:
		return overwriteError{flag, file, other, remedy}
	}
	c.Hold(file, holds)
	return nil
}

// overwriteError refuses to write a file in the place of another one.
type overwriteError struct{ flag, file, other, remedy string }

func (e overwriteError) Error() string {
	return fmt.Sprintf("%s: %s would overwrite %s; write another %s", e.flag, usage.Quote(e.file), e.other, e.remedy)
}
