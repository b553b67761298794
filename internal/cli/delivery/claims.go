package delivery

import (
	"fmt"
	"path/filepath"

	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/usage"
)

// Claims are the files that a command reads or writes, by where their paths lead, each with what it
// holds. The zero value has none. It is not safe for concurrent use.
type Claims struct{ held map[string]string }

// ClaimsIn are those of a command that reads limits, and writes its verdict and more files into a folder.
func ClaimsIn(limits, folder string, names ...string) (c Claims) {
	c.Hold(limits, "the file with the limits")
	c.Hold(filepath.Join(folder, output.VerdictFile), reportNamed("verdict"))
	for _, name := range names {
		path := filepath.Join(folder, name)
		c.Hold(path, "the command's own "+usage.Quote(path))
	}
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
// something else; flag is the one to change, and remedy what to change about it. Devices are nobody's.
func (c *Claims) Claim(file, holds, flag, remedy string) error {
	if output.IsDevice(file) {
		return nil
	}
	if other, ok := c.held[output.RealPath(file)]; ok && other != holds {
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
