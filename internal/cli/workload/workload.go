// Package workload is what a worker makes of an assignment: it reads the file that it was sent, asks its own owner's
// permission, and sends its part of the load.
package workload

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/fleet/worker"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/selfmon"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// Machine is this machine as its owner lends it to a coordinator.
type Machine struct {
	Env     environ.Env
	Allowed []string // hosts beyond loopback that it may load, as --allow has them
	// Own are variables that have the values of this machine, and not those that the run sends.
	Own map[string]string
}

// Open makes the load of an assignment. Nothing that the assignment says is trusted: hosts need the owner's
// permission, files are those that came with it, and commands are never run.
func (m Machine) Open(a worker.Assignment) (worker.Load, error) {
	getenv, err := m.variables(a)
	if err != nil {
		return nil, err
	}
	s, err := thresholds.Decode(a.Files[a.File], a.File, thresholds.Options{
		Getenv: getenv, Files: a.Files, Host: a.Host, Now: m.Env.Now(), EnvGiven: true,
	})
	if err != nil {
		return nil, err
	}
	// A worker reads no gauges, so the permission to run commands would permit nothing.
	allowed := append(load.CallerAllows(m.Allowed, ""), grammar.AllowCommands)
	if err := load.CheckAllowed(s.Target, allowed); err != nil {
		return nil, err
	}
	var o plan.Options
	if err := json.Unmarshal(a.Options, &o); err != nil {
		return nil, fmt.Errorf("read the options of the load: %w", err)
	}
	o.Shard = plan.Shard{K: a.K, N: a.N}
	p, err := plan.New(s, o)
	if err != nil {
		return nil, err
	}
	if err := selfmon.CheckDescriptors(p.Share, false); err != nil {
		return nil, err
	}
	t, err := target.Of(m.Env, p)
	if err != nil {
		return nil, err
	}
	if a.Setup != nil {
		if t.Setup, err = engine.DecodeValues(a.Setup); err != nil {
			return nil, err
		}
	}
	return &part{name: a.Name, target: t}, nil
}

// variables looks up what the file reads of the environment.
func (m Machine) variables(a worker.Assignment) (func(name string) (string, bool), error) {
	all := maps.Clone(a.Env)
	for _, name := range slices.Sorted(maps.Keys(m.Own)) {
		if _, ok := all[name]; !ok {
			return nil, fmt.Errorf("--env %s: %s of the run reads no such variable; leave it out", name, a.File)
		}
		all[name] = m.Own[name]
	}
	return func(name string) (string, bool) { value, ok := all[name]; return value, ok }, nil
}

// part is a load that is ready to be sent. It implements worker.Load.
type part struct {
	name   string
	target *target.Target
}

// Digest identifies the load.
func (p *part) Digest() string { return p.target.Plan.Digest }

// Ready waits until the target may be loaded.
func (p *part) Ready(ctx context.Context) error { return p.target.Ready(ctx) }

// Close ends nothing: connections end with the load.
func (p *part) Close() error { return p.target.Close() }

// Run sends the load.
func (p *part) Run(ctx context.Context, start worker.Start, out io.Writer, stopAt func() int) error {
	wait := time.NewTimer(time.Until(start.At))
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
		return nil // no load was sent, and there is no journal
	}
	late := time.Since(start.At)
	r := p.target.Plan.Result(buildinfo.Version(), start.Started.Add(late))
	r.Shards[0].Worker, r.Shards[0].StartError = p.name, start.Error
	journal := result.NewJournal(out, r)
	e := p.target.Engine(r, journal, nil)
	for at := result.SlotLength; at < r.Planned.Duration; at += result.SlotLength {
		e.InterimLooks = append(e.InterimLooks, at)
	}
	e.InterimLook = func(r *result.Result) bool {
		stop := stopAt()
		return stop > 0 && r.Elapsed >= time.Duration(stop)*result.SlotLength
	}
	if err := e.Run(ctx, p.target.Plan, r); err != nil {
		return errors.Join(err, journal.End(result.Cut))
	}
	return journal.End(r.End)
}

// Store keeps the journals of rounds in a folder.
func Store(folder string) func(k, round int) (worker.Store, error) {
	return func(k, round int) (worker.Store, error) {
		name := filepath.Join(folder, fmt.Sprintf("%d-%d.ndjson", k, round))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, failure.WithoutPath(err))
		}
		out, err := os.Create(name)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", name, failure.WithoutPath(err))
		}
		return stored{out}, nil
	}
}

// stored is a journal on the disk. One without a line goes with Close: there was no load.
type stored struct{ *os.File }

// Close closes the file.
func (s stored) Close() error {
	info, err := s.Stat()
	err = errors.Join(err, s.File.Close())
	if err == nil && info.Size() == 0 {
		err = os.Remove(s.Name())
	}
	return err
}
