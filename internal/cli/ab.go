package cli

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
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/fleet/coordinator"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/selfmon"
	"github.com/loadgate/loadgate/internal/unit"
)

func newAB(env environ.Env) *cobra.Command {
	c := abCommand{env: env}
	cmd := &cobra.Command{
		Use:   "ab [thresholds.yaml]",
		Short: "Compare two builds on one machine: load them in turn and say whether B is slower",
		Long: `Load two builds in turn, A B, B A, A B, …, in short slices of the same load, and say
whether B is slower than A. A slow moment affects both builds equally, so no history
is needed and smaller changes are found. A is the build before the change.

Each side is a URL, or a command that starts the build; {port} in a command becomes a
free port.`,
		Example: `  loadgate ab --a http://localhost:8001 --b http://localhost:8002 --profile light
  loadgate ab --a-cmd 'cd ../base && exec uvicorn app:app --port {port}' --b-cmd 'exec uvicorn app:app --port {port}'`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.flags = cmd.Flags()
			return c.run(cmd.Context(), load.FileArgument(args))
		},
	}
	c.load.AddLoad(cmd)
	c.load.AddAllow(cmd)
	c.out.Add(cmd)
	c.workers.Add(cmd)
	flags := cmd.Flags()
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
	return cmd
}

var sideNames = [2]string{"A", "B"}

// abCommand holds two targets against each other.
type abCommand struct {
	env       environ.Env
	flags     *pflag.FlagSet // as given
	load      load.Flags
	out       delivery.Flags
	workers   workers.Flags
	fleet     *workers.Fleet // nil: this process makes the load itself
	sides     [2]abSide
	pairs     int
	sliceText string
	folder    string
	from      string
	quiet     bool
	noTry     bool
}

// abSide is one of the two.
type abSide struct {
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

func (c *abCommand) run(ctx context.Context, file string) (err error) {
	if err := c.out.Check(delivery.ClaimsIn(file, cmp.Or(c.from, c.folder), c.ownFiles()...)); err != nil {
		return err
	}
	if c.from != "" {
		return c.judgeStored(file)
	}
	if c.pairs < experiment.FewestPairs || c.pairs > 100 {
		return fmt.Errorf("--pairs %d: write a number from %d to 100", c.pairs, experiment.FewestPairs)
	}
	if _, err := c.asked(); err != nil {
		return err
	}
	if err := c.workers.Check(&c.env); err != nil {
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
	c.env.EndGently()
	lock, err := output.Lock(c.folder)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	if err := errors.Join(c.clear(), c.out.Clear()); err != nil {
		return err
	}
	c.out.Command = rerunCommand("ab", file, c.flags, c.sides[0].Plan)
	defer func() { err = errors.Join(err, c.stop()) }()
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
func (c *abCommand) muster(ctx context.Context, file string) (err error) {
	if err := workers.RemoveOld(c.folder); err != nil || !c.workers.Asked() {
		return err
	}
	if err := c.workers.CheckParts(c.sides[0].Plan); err != nil {
		return err
	}
	name, files, vars, err := c.load.Pack(c.env, file, c.sides[0].url)
	if err != nil {
		return err
	}
	allowed := append(load.CallerAllows(c.load.Allowed, c.sides[0].url), load.CallerAllows(nil, c.sides[1].url)...)
	c.fleet, err = workers.Open(ctx, c.env, c.workers,
		coordinator.Load{File: name, Files: files, Env: vars}, allowed, c.folder, c.progress())
	return err
}

// open finds out where both sides are, and connects them.
func (c *abCommand) open(file string) error {
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
		c.load.Seed, c.load.SeedGiven = c.env.Seed(), func() bool { return true }
	}
	c.load.MostUsers = selfmon.MostUsers(false)
	env := c.env
	env.Stderr = console.NewOnceWriter(c.env.Stderr) // both sides have one file
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
	if mistakes, ok := errors.AsType[config.Errors](err); ok {
		for _, m := range mistakes {
			if m.Path == "--host" {
				m.Path = "--" + string('a'+rune(side))
			}
		}
	}
	return err
}

// slice is the length of a slice.
func (c *abCommand) slice() (time.Duration, error) {
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
func (c *abCommand) asked() (time.Duration, error) {
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
func (c *abCommand) ownFiles() (names []string) {
	for i := range c.sides {
		names = append(names, sideFile(i), c.logFile(i))
	}
	return names
}

// clear takes away what an earlier comparison left.
func (c *abCommand) clear() error {
	if err := output.CheckFolder(filepath.Join(c.folder, sliceFolder)); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(c.folder, sliceFolder, "[0-9]*-[ab].json"))
	for _, name := range append(c.ownFiles(), output.VerdictFile) {
		old = append(old, filepath.Join(c.folder, name))
	}
	return errors.Join(err, output.RemoveOld("comparison", old))
}

func (c *abCommand) logFile(side int) string { return string('a'+rune(side)) + ".log" }

// launch starts a side, if loadgate starts it, and waits until it is ready.
func (c *abCommand) launch(ctx context.Context, i int) (err error) {
	side := &c.sides[i]
	if side.command != "" {
		if err := side.CheckNotRunning(ctx); err != nil {
			return err
		}
		console.Print(c.progress(), "starting %s: %s", sideNames[i], side.Plan.Config.Mask(side.command))
		side.process, err = launch.Start(ctx, c.env, side.command,
			filepath.Join(c.folder, c.logFile(i)), side.Plan.Config)
		if err != nil {
			return err
		}
	}
	return side.process.While(ctx,
		func(ctx context.Context) error { return side.Prepare(ctx, c.progress(), c.noTry, nil) })
}

// measure runs all slices, judges them and writes everything.
func (c *abCommand) measure(ctx context.Context, slice time.Duration) error {
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
			r := p.Result(buildinfo.Version(), c.env.Now())
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
		console.PrintError(c.env.Stderr, c.sides[i].process.EndedInRun())
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		return failure.CouldNotRun(err)
	}
	var ended error
	if ctx.Err() != nil {
		ended = failure.ErrInterrupted
	}
	return c.report(a.Plan.Config, ended, failed)
}

// side is what the experiment runs; self is what the generator's process did, as in engine.Engine.
func (c *abCommand) side(s *abSide, self func() *result.Generator) experiment.Side {
	if c.fleet != nil {
		return experiment.Side{Plan: s.Plan, Run: c.fleet.Machine(coordinator.Watch{Host: s.url})}
	}
	return experiment.Side{Plan: s.Plan, Run: experiment.OnEngine(engine.Engine{
		Dial: s.Dial, Self: self, Clock: engine.Clock, ArrivalTimer: engine.NewArrivalTimer,
	})}
}

// stop ends what was started and still runs.
func (c *abCommand) stop() (err error) {
	err = c.fleet.Close()
	c.fleet = nil
	for i := range c.sides {
		err = errors.Join(err, c.sides[i].process.Stop())
		c.sides[i].process = nil
	}
	return err
}

func (c *abCommand) progress() io.Writer {
	if c.quiet {
		return io.Discard
	}
	return c.env.Stderr
}
