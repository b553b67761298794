// Package pairs compares two targets by slices of one load, in turn. It makes the slices, and regress judges them.
package pairs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/delivery"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/launch"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/cli/workers"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/fleet/coordinator"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/selfmon"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
)

// Add adds all flags.
func (c *Command) Add(cmd *cobra.Command) {
	c.flags = cmd.Flags()
	c.load.AddLoad(cmd)
	c.load.AddAllow(cmd)
	c.out.Add(cmd)
	c.workers.Add(cmd)
	flags := c.flags
	for i, name := range sideNames {
		lower := string('a' + rune(i))
		flags.StringVar(&c.sides[i].url, lower, "", "URL of side "+name)
		flags.StringVar(&c.sides[i].command, lower+"-cmd", "",
			"command that starts side "+name+"; it and its child processes are ended after the load")
	}
	flags.IntVar(&c.pairs, "pairs", experiment.DefaultPairs, "pairs of slices")
	flags.StringVar(&c.sliceText, "slice", "", "length of a slice, such as 30s; the first 5s are not counted "+
		"(default: 20s to 1m, by the rarest endpoint)")
	flags.StringVar(&c.folder, "out", "loadgate-ab",
		"folder for a.json, b.json, verdict.json, the slices, and the logs of what was started")
	flags.StringVar(&c.from, "from", "", "judge the slices of an earlier comparison in this folder; sends nothing")
	flags.BoolVarP(&c.quiet, "quiet", "q", false, "print no progress")
	flags.BoolVar(&c.noTry, "no-try", false, "skip the try-out of each step before the load")
}

var sideNames = [2]string{"A", "B"}

// Command compares two targets. Env and Again are required, and the flags are those of Add.
type Command struct {
	Env environ.Env
	// Again is the command that makes the comparison again, word by word.
	Again func(file string, flags *pflag.FlagSet, p *plan.Plan) []string

	flags     *pflag.FlagSet // as given
	load      load.Flags
	out       delivery.Flags
	workers   workers.Flags
	fleet     *workers.Fleet // nil: this process makes the load itself
	sides     [2]oneSide
	pairs     int
	sliceText string
	folder    string
	from      string
	quiet     bool
	noTry     bool
}

// oneSide is one of the two.
type oneSide struct {
	url, command string
	*target.Target
	process *launch.Process // nil: somebody else has started it
	results []*result.Result
}

// The files of a comparison, in its folder.
const sliceFolder = "slices"

func sideFile(side int) string { return string('a'+rune(side)) + ".json" }

func sliceFile(side, pair int) string {
	return filepath.Join(sliceFolder, fmt.Sprintf("%02d-%s", pair+1, sideFile(side)))
}

// Run compares the targets with the load of a file. Its error ends the command.
func (c *Command) Run(ctx context.Context, file string) (err error) {
	if err := c.out.Check(delivery.ClaimsIn(file, cmp.Or(c.from, c.folder), c.ownFiles()...)); err != nil {
		return err
	}
	if c.from != "" {
		return c.judgeStored(ctx, file)
	}
	if c.pairs < experiment.FewestPairs || c.pairs > 100 {
		return fmt.Errorf("--pairs %d: write a number from %d to 100", c.pairs, experiment.FewestPairs)
	}
	if _, err := c.asked(); err != nil {
		return err
	}
	if err := c.workers.Check(&c.Env); err != nil {
		return err
	}
	if err := c.open(file); err != nil {
		return err
	}
	slice, err := c.slice()
	if err != nil {
		return err
	}
	if !c.workers.Asked() {
		if err := selfmon.CheckDescriptors(c.sides[0].Plan.Share, false); err != nil {
			return failure.CouldNotRun(err)
		}
	}
	c.Env.EndGently()
	c.Env.EndLater(c.sides[0].TearDownWithin() + c.sides[1].TearDownWithin())
	lock, err := output.Lock(c.folder)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	if err := errors.Join(c.clear(), c.out.Clear()); err != nil {
		return err
	}
	c.out.Command = c.Again(file, c.flags, c.sides[0].Plan)
	defer func() { err = errors.Join(err, c.stop(ctx)) }()
	if err := c.muster(ctx, file); err != nil {
		return err
	}
	for i := range c.sides {
		if err := c.launch(ctx, i); err != nil {
			return err
		}
	}
	return c.measure(ctx, slice)
}

// muster opens the fleet that makes the load, if workers are asked for.
func (c *Command) muster(ctx context.Context, file string) (err error) {
	if err := workers.RemoveOld(c.folder); err != nil || !c.workers.Asked() {
		return err
	}
	if err := c.workers.CheckParts(c.sides[0].Plan); err != nil {
		return err
	}
	name, files, vars, err := c.load.Pack(c.Env, file, c.sides[0].url)
	if err != nil {
		return err
	}
	allowed := append(load.CallerAllows(c.load.Allowed, c.sides[0].url), load.CallerAllows(nil, c.sides[1].url)...)
	c.fleet, err = workers.Open(ctx, c.Env, c.workers,
		coordinator.Load{File: name, Files: files, Env: vars}, allowed, c.folder, c.progress())
	return err
}

// open finds out where both sides are, and connects them.
func (c *Command) open(file string) error {
	var errs []error
	for i := range c.sides {
		s, err := &c.sides[i], error(nil)
		s.url, s.command, err = launch.Place(string('a'+rune(i)), s.url, s.command)
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if c.sides[0].url == c.sides[1].url {
		return fmt.Errorf("--a and --b are the same, %s; name two builds", c.sides[0].url)
	}
	if !c.load.SeedGiven() {
		// One seed for both.
		c.load.Seed, c.load.SeedGiven = c.Env.Seed(), func() bool { return true }
	}
	c.load.MostUsers = selfmon.MostUsers(false)
	env := c.Env
	env.Stderr = console.NewOnceWriter(c.Env.Stderr) // both sides have one file
	for i := range c.sides {
		t, err := target.Connect(env, c.load, file, c.sides[i].url)
		if err != nil {
			return ofSide(i, err)
		}
		c.sides[i].Target = t
	}
	return nil
}

// ofSide names the flag of a side where a mistake is in the URL that it gives.
func ofSide(side int, err error) error {
	if mistakes, ok := errors.AsType[thresholds.Errors](err); ok {
		for _, m := range mistakes {
			if m.Path == "--host" {
				m.Path = "--" + string('a'+rune(side))
			}
		}
	}
	return err
}

// slice is the length of a slice.
func (c *Command) slice() (time.Duration, error) {
	p := c.sides[0].Plan
	length, err := c.asked()
	if err != nil {
		return 0, err
	}
	length = cmp.Or(length, experiment.SliceFor(p))
	_, err = p.Slice(length, experiment.SliceDropped, 0)
	return length, err
}

// asked is the length of a slice that --slice says; 0: it says none.
func (c *Command) asked() (time.Duration, error) {
	if c.sliceText == "" {
		return 0, nil
	}
	d, err := unit.ParseDuration(c.sliceText)
	if err != nil || d < experiment.ShortestSlice || d > time.Hour {
		return 0, fmt.Errorf("--slice %s: write %s to 1h, such as 30s",
			usage.Quote(c.sliceText), unit.Of(experiment.ShortestSlice))
	}
	return d.Round(time.Second), nil
}

// ownFiles are the files of a comparison in its folder, beside its slices and its verdict.
func (c *Command) ownFiles() (names []string) {
	for i := range c.sides {
		names = append(names, sideFile(i), c.logFile(i))
	}
	return names
}

// clear takes away what an earlier comparison left.
func (c *Command) clear() error {
	if err := output.CheckFolder(filepath.Join(c.folder, sliceFolder)); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(c.folder, sliceFolder, "[0-9]*-[ab].json"))
	for _, name := range append(c.ownFiles(), output.VerdictFile) {
		old = append(old, filepath.Join(c.folder, name))
	}
	return errors.Join(err, output.RemoveOld("comparison", old))
}

func (c *Command) logFile(side int) string { return string('a'+rune(side)) + ".log" }

// launch starts a side, if loadgate starts it, and waits until it is ready.
func (c *Command) launch(ctx context.Context, i int) (err error) {
	side := &c.sides[i]
	if side.command != "" {
		if err := side.CheckNotRunning(ctx); err != nil {
			return err
		}
		console.Print(c.progress(), "starting %s: %s", sideNames[i], side.Plan.Config.Mask(side.command))
		side.process, err = launch.Start(ctx, c.Env, side.command,
			filepath.Join(c.folder, c.logFile(i)), side.Plan.Config)
		if err != nil {
			return err
		}
	}
	return side.process.While(ctx,
		func(ctx context.Context) error { return side.Prepare(ctx, c.progress(), c.noTry, nil) })
}

// measure runs all slices, judges them and writes everything.
func (c *Command) measure(ctx context.Context, slice time.Duration) error {
	a, b := &c.sides[0], &c.sides[1]
	console.Print(c.progress(), "profile %s: %d pairs of slices of %s; seed %d",
		a.Plan.Profile, c.pairs, unit.Of(slice), a.Plan.Seed)
	var failed error
	begun := 0
	runner, self := selfmon.Runner(), selfmon.Read()
	pairs := experiment.Pairs{
		A: c.side(a, self), B: c.side(b, self),
		Count: c.pairs, Slice: slice,
		New: func(p *plan.Plan) *result.Result {
			r := p.Result(buildinfo.Version(), c.Env.Now())
			r.Origin.Runner = runner
			return r
		},
		Begin: func(side, pair int) {
			console.Print(c.progress(), "pair %d of %d: %s, %s left", pair+1,
				c.pairs, sideNames[side], unit.Clock(time.Duration(2*c.pairs-begun)*slice))
			begun++
		},
		Done: func(side, pair int, r *result.Result) error {
			failed = errors.Join(failed, output.WriteFile(filepath.Join(c.folder, sliceFile(side, pair)), r.Encode))
			return nil
		},
	}
	var err error
	a.results, b.results, err = pairs.Run(ctx)
	for i := range c.sides {
		console.PrintError(c.Env.Stderr, c.sides[i].process.EndedInRun())
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		return failure.CouldNotRun(err)
	}
	var ended error
	if ctx.Err() != nil {
		ended = failure.ErrInterrupted
	}
	return c.report(ctx, a.Plan.Config, ended, failed)
}

// side is what the experiment runs; self is what the generator's process did, as in engine.Engine.
func (c *Command) side(s *oneSide, self func() *result.Generator) experiment.Side {
	if c.fleet != nil {
		return experiment.Side{Plan: s.Plan, Run: c.fleet.Machine(coordinator.Watch{Host: s.url, Setup: s.Setup})}
	}
	return experiment.Side{Plan: s.Plan, Run: experiment.OnEngine(engine.Engine{
		Dial: s.Dial, Self: self, Clock: engine.Clock, ArrivalTimer: engine.NewArrivalTimer, Setup: s.Setup,
	})}
}

// stop tears down what was set up, and ends what was started and still runs.
func (c *Command) stop(ctx context.Context) (err error) {
	for i := range c.sides {
		c.sides[i].TearDown(ctx, c.Env.Stderr)
	}
	err = c.fleet.Close()
	c.fleet = nil
	for i := range c.sides {
		err = errors.Join(err, c.sides[i].process.Stop())
		c.sides[i].process = nil
	}
	return err
}

func (c *Command) progress() io.Writer {
	if c.quiet {
		return io.Discard
	}
	return c.Env.Stderr
}
