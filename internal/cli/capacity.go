package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/capacity"
	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/delivery"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/input"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/metrics"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/session"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/cli/workers"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/selfmon"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

func newCapacity(env environ.Env) *cobra.Command {
	c := capacityCommand{Session: session.Session{Env: env}}
	cmd := &cobra.Command{
		Use:   "capacity [thresholds.yaml]",
		Short: "Find the highest load that passes every limit",
		Long: `Double the load until a rule breaks, bisect between the highest passing and the lowest
failing load, then repeat the highest load that passed. Every load is judged by every
limit in the file. Reports the highest load that passes, the load at which a rule breaks,
and which rule breaks first.

A load ends at once when most requests fail, and no load exceeds --to. Throughput minimums
and start steps are not judged. The search begins with the profile's users or arrivals.

With --replicas it says from which load on each replica an autoscaler should add another,
how many the --peak needs, and prints the objects for Kubernetes and KEDA.`,
		Example: `  loadgate capacity --demo --profile demo
  loadgate capacity thresholds.yaml --host http://localhost:8000 --profile light --at-least 100
  loadgate capacity --from 50 --to 400 --within 10m --html capacity.html
  loadgate capacity --stored loadgate-capacity --replicas 3 --peak 900/s --scale-up 90s --growth 5%/min`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), c.Choice.File(args)) },
	}
	c.Choice.Load.AddHost(cmd)
	c.Choice.Load.AddKind(cmd)
	c.Choice.AddDemo(cmd)
	c.Add(cmd, "loadgate-capacity", "verdict.json, target.log, and each load's result.json and journal.ndjson")
	c.Workers.Add(cmd)
	c.metrics.Add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&c.from, "from", "",
		"first load: users, or arrivals such as 50/s (default: --at-least, else the profile's)")
	flags.StringVar(&c.to, "to", "", "highest load to try: users or arrivals (default: 16 times the first)")
	flags.StringVar(&c.atLeast, "at-least", "", "load that must pass: users or arrivals")
	flags.StringVar(&c.step, "step", "",
		"how long to measure each load, such as 1m (default: 30s to 1m, by the rarest endpoint)")
	flags.StringVar(&c.within, "within", "15m", "time limit for the whole search")
	flags.StringVar(&c.precision, "precision", "10%",
		"stop when the highest passing and the lowest failing load are this close")
	flags.StringVar(&c.stored, "stored", "", "judge the loads of an earlier search in this folder; sends nothing")
	c.replicas.add(flags)
	return cmd
}

// capacityCommand looks for the highest load that a service carries.
type capacityCommand struct {
	session.Session
	metrics                 metrics.Export
	from, to, atLeast       string
	step, within, precision string
	stored                  string
	replicas                replicasFlags
	advice                  *capacity.Replicas // that replicas asks for
}

// levelFolder holds the files of one level.
func levelFolder(number int) string { return filepath.Join("levels", fmt.Sprintf("%02d", number)) }

func (c *capacityCommand) run(ctx context.Context, file string) (err error) {
	if err := c.Out.Check(delivery.ClaimsIn(file, cmp.Or(c.stored, c.Folder), output.LogFile)); err != nil {
		return err
	}
	c.advice, err = c.replicas.read(otherSearch)
	if c.stored != "" {
		if err != nil {
			return err
		}
		return c.judgeStored(file)
	}
	if err := errors.Join(c.Workers.Check(&c.Env), c.check(), err); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	if err := c.Open(ctx, file); err != nil {
		return err
	}
	search, atLeast, err := c.search()
	if err := errors.Join(err, c.sameLoad(c.Plan.Result(buildinfo.Version(), c.Env.Now()))); err != nil {
		return err
	}
	old, err := filepath.Glob(c.Path(filepath.Join("levels", "*", "*.*")))
	if err != nil {
		return err
	}
	levels, err := filepath.Glob(c.Path(filepath.Join("levels", "*")))
	if err != nil {
		return err
	}
	if err := errors.Join(c.Claim(c.OwnUsers(c.mostUsers(search)), output.VerdictFile, output.LogFile),
		output.RemoveOld("search", old)); err != nil {
		return err
	}
	first, err := search.First()
	if err != nil {
		return err
	}
	if err := c.metrics.Open(ctx, c.Env, c.Progress()); err != nil {
		return err
	}
	defer c.metrics.Close(ctx)
	if c.metrics.On() {
		c.Watchers = append(c.Watchers, &c.metrics)
	}
	if err := c.Muster(ctx, file, first, append(levels, c.Folder)...); err != nil {
		return err
	}
	if err := c.Prepare(ctx, func(context.Context) error { return nil }); err != nil {
		return err
	}
	c.Out.Command = rerunCommand("capacity", file, c.Flags, c.Plan)
	return c.measure(ctx, search, atLeast)
}

// mostUsers is how many users the highest level may have.
func (c *capacityCommand) mostUsers(search experiment.Capacity) int {
	if c.Plan.Open {
		return c.Plan.Share
	}
	return int(search.Most)
}

// search reads the flags; every mistake is reported.
func (c *capacityCommand) search() (search experiment.Capacity, atLeast float64, err error) {
	search = experiment.Capacity{Plan: c.Plan, Ready: c.Ready, Now: c.Env.Now}
	var errs []error
	of := func(flag, text string) float64 {
		h, err := parseLevel(text, c.Plan.Open)
		if err != nil {
			errs = append(errs, fmt.Errorf("--%s %s: profile %s has %s; %w", flag, usage.Quote(text), c.Plan.Profile,
				loadUnit(c.Plan.Open), err))
		}
		return h
	}
	search.From, search.Most, atLeast = of("from", c.from), of("to", c.to), of("at-least", c.atLeast)
	search.Measured, search.Within, search.Precision, err = c.times()
	if errs = append(errs, err); errors.Join(errs...) != nil {
		return search, 0, errors.Join(errs...)
	}
	if search.From == 0 {
		search.From = atLeast
	}
	if search.From == 0 {
		search.From = c.Plan.Level()
	}
	if search.Most == 0 {
		first := max(search.From, atLeast)
		search.Most = experiment.MostTimes * first
		able := selfmon.MostUsers(c.Choice.Demo) * max(1, c.Workers.Count())
		if !c.Plan.Open && able > 0 {
			search.Most = max(first, min(search.Most, float64(able)))
		}
	}
	if search.Most < max(search.From, atLeast) {
		return search, 0, fmt.Errorf("--to %s: that is below the first load; write a higher one", c.to)
	}
	if !c.Plan.Open {
		search.Least = float64(c.Workers.Count()) // a worker has a user
	}
	if search.From < search.Least {
		return search, 0, fmt.Errorf("--workers %d: the first load has %s, too few for so many; write --from %d",
			c.Workers.Count(), wording.LoadText(search.From, c.Plan.Open, c.rates()), c.Workers.Count())
	}
	_, err = search.First() // whether it can be planned at all
	return search, atLeast, err
}

// check finds wrong values before the target is looked for.
func (c *capacityCommand) check() error {
	_, _, _, err := c.times()
	errs := []error{err}
	for _, f := range [][2]string{{"from", c.from}, {"to", c.to}, {"at-least", c.atLeast}} {
		_, users := parseLevel(f[1], false)
		_, rate := parseLevel(f[1], true)
		if users != nil && rate != nil {
			errs = append(errs, fmt.Errorf("--%s %s: write a number of users, such as 100, or arrivals, such as 50/s",
				f[0], usage.Quote(f[1])))
		}
	}
	return errors.Join(errs...)
}

// times reads how long, and how finely, is searched.
func (c *capacityCommand) times() (step, within time.Duration, precision float64, err error) {
	var errs []error
	duration := func(flag, text string, least time.Duration) time.Duration {
		d, err := unit.ParseDuration(text)
		if text != "" && (err != nil || d < least || d > 24*time.Hour) {
			errs = append(errs,
				fmt.Errorf("--%s %s: write a time between %s and 24h", flag, usage.Quote(text), unit.Of(least)))
		}
		return d.Round(time.Second)
	}
	step, within = duration("step", c.step, experiment.ShortestLevel), duration("within", c.within, time.Minute)
	precision, err = unit.ParseRatio(c.precision)
	if err != nil || precision < 0.01 || precision > 1 {
		errs = append(errs, fmt.Errorf("--precision %s: write a share from 1%% to 100%%, such as 10%%",
			usage.Quote(c.precision)))
	}
	return step, within, precision, errors.Join(errs...)
}

// loadUnit is what a profile has.
func loadUnit(open bool) string {
	if open {
		return "arrivals"
	}
	return "users"
}

// parseLevel reads a level: users of a closed load, a rate of an open one; 0 for "".
func parseLevel(text string, open bool) (float64, error) {
	if text == "" {
		return 0, nil
	}
	if open {
		rate, ok := load.PerSecond(text)
		if !ok {
			return 0, errors.New("write arrivals per second, such as 50/s")
		}
		return rate, nil
	}
	users, err := strconv.Atoi(text)
	if err != nil || users < 1 || users > 1_000_000 {
		return 0, errors.New("write a number of users, 1 to 1000000")
	}
	return float64(users), nil
}

// measure runs the levels, judges them and writes everything.
func (c *capacityCommand) measure(ctx context.Context, search experiment.Capacity, atLeast float64) error {
	console.Print(c.Progress(), "profile %s: from %s to at most %s, within %s; seed %d", c.Plan.Profile,
		wording.LoadText(search.From, c.Plan.Open, c.rates()), wording.LoadText(search.Most, c.Plan.Open, c.rates()),
		unit.Clock(search.Within), c.Plan.Seed)
	var failed error
	search.Run = func(ctx context.Context, number int, p *plan.Plan,
		hooks experiment.Hooks) (*result.Result, error) {
		r := p.Result(buildinfo.Version(), c.Env.Now())
		r.Tried, r.Setup = c.Tried, c.SetupSent
		console.Print(c.Progress(), "level %d: %s for %s, measured for %s",
			number, session.LoadText(p, r), unit.Clock(p.Duration), unit.Clock(p.Measured()))
		unwritten, err := c.Record(c.Path(levelFolder(number)), p, r, nil,
			func(m experiment.Machine) error { return m(ctx, hooks, p, r) })
		failed = errors.Join(failed, unwritten)
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			err = nil // the search says that it was interrupted
		}
		if r.Elapsed == 0 {
			r = nil // it did not begin
		}
		return r, err
	}
	search.Judged = func(s verdict.Stage) {
		console.Print(c.Progress(), "%s: %s", wording.StageLoad(s, c.rates()),
			content.StageVerdict(content.StageIn(s, c.rates())))
	}
	levels, end, err := search.Find(ctx)
	if failed = errors.Join(failed, err); len(levels) == 0 {
		return errors.Join(failed, ctx.Err())
	}
	var ended error
	if ctx.Err() != nil {
		ended = failure.ErrInterrupted
	}
	if ended == nil {
		failed = errors.Join(failed, c.Stop(ctx))
	}
	in := capacity.Input{Levels: levels, Config: c.Plan.Config, AtLeast: atLeast, End: end, Replicas: c.advice}
	return c.report(in, delivery.Outcome{Ended: ended, Failed: failed})
}

// rates is the unit of all rates.
func (c *capacityCommand) rates() unit.Unit { return c.Plan.Config.Rates(c.Plan.Profile) }

// report judges the levels and reports the verdict.
func (c *capacityCommand) report(in capacity.Input, how delivery.Outcome) error {
	verdict := capacity.Judge(in)
	out := c.Out
	out.Formats = append([]string{"verdict=" + c.Path(output.VerdictFile)}, out.Formats...)
	return out.WriteView(c.Env, verdict, in.Config, how, func(o content.Options) content.View {
		return content.NewCapacityView(in.Levels, verdict, o)
	})
}

// readWorkers reads what the workers of a level have measured.
func readWorkers(folder string) (*result.Result, error) {
	journals, err := filepath.Glob(filepath.Join(folder, workers.Folder, "*.ndjson"))
	if err != nil {
		return nil, err
	}
	if len(journals) == 0 {
		return nil, fs.ErrNotExist
	}
	var parts []*result.Result
	for _, name := range journals {
		part, err := input.ReadStored(name)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return result.Merge(parts...)
}

// storedLevels reads the levels of an earlier search, by result or, where a kill has left none, by journal, or by
// those of workers.
func storedLevels(search string) (levels []*result.Result, err error) {
	for {
		folder := filepath.Join(search, levelFolder(len(levels)+1))
		r, err := input.ReadStored(filepath.Join(folder, output.ResultFile))
		if errors.Is(err, fs.ErrNotExist) {
			r, err = input.ReadStored(filepath.Join(folder, output.JournalFile))
		}
		if errors.Is(err, fs.ErrNotExist) {
			r, err = readWorkers(folder)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist) && levels == nil:
			return nil, errors.New("it has no loads of a search")
		case errors.Is(err, fs.ErrNotExist):
			return levels, nil
		case err != nil:
			return nil, err
		}
		levels = append(levels, r)
	}
}

// sameLoad says whether the searches of --also had the load of this one.
func (c *capacityCommand) sameLoad(r *result.Result) error {
	if c.advice == nil {
		return nil
	}
	return c.replicas.sameLoad(c.advice.Others, r)
}

// otherSearch reads a search with another number of replicas.
func otherSearch(folder string) (capacity.Other, error) {
	levels, err := storedLevels(folder)
	return capacity.Other{Levels: levels}, err
}

// judgeStored judges the levels of an earlier search.
func (c *capacityCommand) judgeStored(file string) error {
	s, err := c.Choice.Load.Config(c.Env, file, thresholds.Options{LimitsOnly: true, Unsent: true})
	if err != nil {
		return err
	}
	in := capacity.Input{Config: s, Replicas: c.advice}
	c.Folder = c.stored
	if in.Levels, err = storedLevels(c.stored); err != nil {
		return fmt.Errorf("--stored %s: %w", c.stored, err)
	}
	first := in.Levels[0]
	if err := c.sameLoad(first); err != nil {
		return err
	}
	open := first.Planned.Rate > 0
	if in.AtLeast, err = parseLevel(c.atLeast, open); err != nil {
		return fmt.Errorf("--at-least %s: %w", c.atLeast, err)
	}
	return c.report(in, delivery.Outcome{})
}
