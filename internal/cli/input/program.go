package input

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/safetext"
	sources "github.com/loadgate/loadgate/internal/scaffold/input"
)

// Bounds of a program that turns a file into what a source reads.
const (
	programWithin = 30 * time.Second
	largestOutput = 256 << 20
)

// Through is what a program makes of a file that was read, to a limit of time and size. What is wrong with
// the file or the program is one line.
func Through(ctx context.Context, p *sources.Program, name string, text []byte) ([]byte, error) {
	fail := func(err error) ([]byte, error) {
		return nil, fmt.Errorf("read %s: %w", withoutPassword(name), err)
	}
	text, err := p.Accept(text)
	if err != nil {
		return fail(err)
	}
	path := ""
	for _, n := range p.Names {
		if path, err = exec.LookPath(n); err == nil {
			break
		}
	}
	if path == "" || err != nil {
		return fail(errors.New(p.Missing))
	}
	ctx, cancel := context.WithTimeout(ctx, programWithin)
	defer cancel()
	out, complaints := &bounded{most: largestOutput}, &bounded{most: 64 << 10}
	cmd := exec.CommandContext(ctx, path, p.Args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), out, complaints
	cmd.WaitDelay = time.Second
	switch err := cmd.Run(); {
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fail(fmt.Errorf("%s did not read it within %s", p.Names[0], programWithin))
	case out.full:
		return fail(errors.New("it makes more than can be read: cut it down"))
	case err != nil:
		lines := strings.Split(strings.TrimSpace(complaints.String()), "\n")
		return fail(fmt.Errorf("%s ended with %v (%s)", p.Names[0], err, safetext.Line(lines[len(lines)-1])))
	}
	return out.Bytes(), nil
}

// bounded keeps what is written to it, to a limit.
type bounded struct {
	bytes.Buffer
	most int
	full bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.most {
		b.full = true
		return 0, errors.New("it is more than is read")
	}
	return b.Buffer.Write(p)
}
