package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/safetext"
)

// printed bounds what is read of a command, in bytes.
const printed = 4096

// always are the variables that every command sees. Its file names others.
var always = []string{"PATH", "HOME", "LANG"}

// environment is the part of ours that a command sees: the rest may hold what is
// meant for loadgate, not for the author of the file.
func (w *World) environment(names []string) []string {
	set := []string{} // nil would be all of ours
	for _, name := range slices.Concat(always, names) {
		if w.Getenv == nil {
			break
		}
		if value, ok := w.Getenv(name); ok {
			set = append(set, name+"="+value)
		}
	}
	return set
}

func openCommand(p config.Probe, w *World) (Probe, error) {
	environment := w.environment(p.Env)
	return level(func(ctx context.Context) (float64, error) {
		c := exec.CommandContext(ctx, "/bin/sh", "-c", p.Command)
		c.Env = environment
		c.WaitDelay = time.Second // for what it left behind with its output in hand
		var out, complaint bounded
		c.Stdout, c.Stderr = &out, &complaint
		if err := c.Run(); err != nil {
			if ctx.Err() != nil {
				return 0, errors.New("the command did not end in time")
			}
			if first, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n"); first != "" {
				return 0, fmt.Errorf("%v: %s", err, first)
			}
			return 0, err
		}
		text := strings.TrimSpace(out.String())
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return 0, fmt.Errorf("the command printed %s, which is not a number", safetext.Quoted(text, 60))
		}
		return finite(number*p.Scale, text)
	}), nil
}

// bounded keeps the beginning of what is written to it.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(text []byte) (int, error) {
	b.Buffer.Write(text[:min(len(text), max(0, printed-b.Len()))])
	return len(text), nil
}
