package cli

import (
	crypto "crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/loadgate/loadgate/internal/report"
)

// inActions says whether this is a step of a GitHub workflow.
func inActions(env Env) bool {
	value, _ := env.Getenv("GITHUB_ACTIONS")
	return value == "true"
}

// showActions prints the table so that GitHub takes no part of it for a
// command, then an annotation for every rule that did not pass; and tells later
// steps what came of it, in the file that GitHub names for that.
func showActions(env Env, table, plain report.View, more []report.Output) error {
	nonce := crypto.Text() // of letters and digits
	err := report.Quiet(env.Stdout, nonce, func(w io.Writer) error { return writeTo(w, table) })
	if err == nil {
		err = plain.Annotate(env.Stdout)
	}
	if err != nil {
		err = fmt.Errorf("write to standard output: %w", err)
	}
	return errors.Join(err, appendTo(env, "GITHUB_OUTPUT", func(w io.Writer) error {
		return report.WriteOutputs(w, nonce, append(plain.Outputs(), more...))
	}))
}

// appendTo writes to the end of a file that a variable names; nothing where it
// names none.
func appendTo(env Env, variable string, write func(io.Writer) error) error {
	path, _ := env.Getenv(variable)
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return notRunError{fmt.Errorf("write %s: %w", variable, err)}
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return notRunError{fmt.Errorf("write %s: %w", variable, err)}
	}
	return nil
}
