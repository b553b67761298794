// Package launch starts the target with a command, keeps its log, and ends it after the
// run. It does not know what is sent to it.
package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/process"
)

// SuperviseCommand is the command that a process is started with. It is not for
// people, and in no help.
const SuperviseCommand = "supervise"

// Process is a target that was started, and what it writes.
type Process struct {
	process *process.Process
	log     *os.File
	mask    func(text string, more ...string) string
}

// Start starts a target whose output goes to a file. The environment
// is ours.
func Start(ctx context.Context, env environ.Env, line, log string, s *config.Config) (*Process, error) {
	if env.Executable == nil {
		return nil, failure.CouldNotRun(errors.New("start the target: this program cannot be run again"))
	}
	self, err := env.Executable()
	if err != nil {
		return nil, failure.CouldNotRun(fmt.Errorf("start the target: %w", err))
	}
	// What a service writes may be for its owner only.
	f, err := os.OpenFile(log, os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, failure.CouldNotRun(fmt.Errorf("write %s: %w", log, failure.WithoutPath(err)))
	}
	// It outlives the interruption of a run, so that users in flight are
	// answered.
	p, err := process.Start(context.WithoutCancel(ctx),
		process.Command{Line: line, Log: f, Supervisor: []string{self, SuperviseCommand}})
	if err != nil {
		return nil, failure.CouldNotRun(errors.Join(errors.New(s.Mask(err.Error())), f.Close()))
	}
	return &Process{p, f, s.Mask}, nil
}

// Stop ends the process; a process that was not started has ended.
func (p *Process) Stop() error {
	if p == nil {
		return nil
	}
	err := errors.Join(p.process.Stop(), p.log.Close())
	if err != nil {
		return failure.CouldNotRun(err)
	}
	return nil
}

// While does something that needs the process, with a context that ends when
// the process does. The error is then how it ended.
func (p *Process) While(ctx context.Context, do func(ctx context.Context) error) error {
	if p == nil {
		return do(ctx)
	}
	living, release := p.process.Context(ctx)
	defer release()
	err := do(living)
	if ended := p.ended(); ended != nil && ctx.Err() == nil {
		return failure.CouldNotRun(fmt.Errorf("the target's process ended: %s%s", ended.Status, p.lastLines()))
	}
	if notReady := (*engine.NotReadyError)(nil); errors.As(err, &notReady) {
		return failure.WithHint(err, "the target's output is in "+p.log.Name())
	}
	return err
}

// ended is how the process ended by itself; nil while it runs.
func (p *Process) ended() *process.EndedError {
	if p == nil {
		return nil
	}
	ended, _ := errors.AsType[*process.EndedError](p.process.Err())
	return ended
}

// EndedInRun says that the process ended while it was loaded; nil: it did not.
// The run is judged all the same.
func (p *Process) EndedInRun() error {
	ended := p.ended()
	if ended == nil {
		return nil
	}
	return fmt.Errorf("the target's process ended at %s: %s%s",
		ended.At.UTC().Format(time.TimeOnly), ended.Status, p.lastLines())
}

// How much of a log is read and shown.
const (
	logRead  = 64 << 10
	logLines = 10
	logWidth = 300 // characters of a line
)

// lastLines is the end of the log without secrets, below a line that names it.
// A log that cannot be read is left out: what it would explain has been said.
func (p *Process) lastLines() string {
	info, err := p.log.Stat()
	if err != nil {
		return ""
	}
	from := max(0, info.Size()-logRead)
	text, err := io.ReadAll(io.NewSectionReader(p.log, from, logRead))
	if err != nil {
		return ""
	}
	if from > 0 {
		// The rest of a line may be the rest of a secret.
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	lines := strings.FieldsFunc(p.mask(string(text)), func(r rune) bool { return r == '\n' || r == '\r' })
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("; " + p.log.Name() + " ends:")
	for _, line := range lines[max(0, len(lines)-logLines):] {
		if runes := []rune(line); len(runes) > logWidth {
			line = string(runes[:logWidth]) + "…"
		}
		b.WriteString("\n  | " + line)
	}
	return b.String()
}
