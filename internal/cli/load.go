package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/loanword"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/unit"
)

// defaultFile is the file of commands that are given none.
const defaultFile = "thresholds.yaml"

// largestFile is the size in bytes above which a file is not even read; spec
// asks for far less, and says so.
const largestFile = 64 << 20

// How a command is given the file.
const (
	asArgument = "name it behind the command, such as perf/thresholds.yaml; loadgate init writes a first one"
	asFlag     = "name it with --thresholds FILE; loadgate init writes a first one"
)

// loadConfig reads and checks a thresholds.yaml, by options whose world is this
// one. how says how a file is named that is not there.
func loadConfig(env Env, path, how string, o config.Options) (*config.Config, error) {
	path, err := inFolder(path, defaultFile)
	if err != nil {
		return nil, err
	}
	if word, ok := loanword.Find(loanword.Script, filepath.Ext(path)); ok {
		return nil, fmt.Errorf("%s is a script of %s, and no thresholds.yaml; %s", path, word.Tools[0], word.Remedy())
	}
	src, err := regular.Read(path, largestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hintError{fmt.Errorf("read %s: %w", path, plain(err)), how}
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, plain(err))
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("read %s: its folder: %w", path, plain(err))
	}
	defer root.Close()
	o.Getenv, o.Files, o.Now = env.Getenv, regular.Under(root), env.Now()
	s, err := config.Decode(src, path, o)
	if err != nil {
		return nil, err
	}
	for _, w := range s.Warnings {
		say(env.Stderr, "warning: %s", w)
	}
	return s, nil
}

// inFolder is a file, or, of a folder, the one in it that a command reads.
func inFolder(path, name string) (string, error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return path, nil // what is wrong with it, its reader says
	}
	file := filepath.Join(path, name)
	if _, err := os.Stat(file); err != nil {
		return "", fmt.Errorf("read %s: it is a folder, and there is no %s in it; write the name of a file", path, name)
	}
	return file, nil
}

// plain takes the path out of a file error whose message names it already.
func plain(err error) error {
	switch err := err.(type) {
	case *fs.PathError:
		return err.Err
	case *os.LinkError:
		return err.Err
	}
	return err
}

// fileArgument is the one optional argument of a command, or the default.
func fileArgument(args []string) string {
	if len(args) == 1 {
		return args[0]
	}
	return defaultFile
}

// loadFlags are the flags that choose and change a profile; they follow
// Locust where Locust has one.
type loadFlags struct {
	host      string
	profile   string
	users     int
	spawnRate string
	rate      string
	runTime   string
	pace      string
	seed      uint64
	seedGiven func() bool
	mostUsers int // of an open load on this machine; 0: as many as there are by default
	shard     string
	carried   bool // no file is named and none is there: that of the stand-in is read
	smoke     bool // failures alone, in seconds
	whole     bool // the command speaks of the whole run, whatever shard is asked for
	unsent    bool // the command sends and probes nothing
	allowed   []string
}

func (f *loadFlags) add(cmd *cobra.Command) {
	f.addHost(cmd)
	f.addLoad(cmd)
	f.addShard(cmd)
}

// addHost adds where the load goes.
func (f *loadFlags) addHost(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.host, "host", "H", "", "URL of the service, instead of target.url")
	f.addAllow(cmd)
}

// addAllow adds the caller's word for what the file asks for.
func (f *loadFlags) addAllow(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.allowed, "allow", nil,
		"let the file use this of its target.allow too: a host, a prefix, unix:PATH or commands (may be repeated)")
}

// addLoad adds those that say what the load is and how much.
func (f *loadFlags) addLoad(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.addKind(cmd)
	f.addUsers(cmd)
	flags.StringVar(&f.rate, "rate", "", "arrivals, such as 50/s, instead of those of a profile with a rate")
	flags.StringVarP(&f.runTime, "run-time", "t", "", "duration with ramp and warm-up, such as 5m")
}

// addKind adds those that say what the load is, and not how much.
func (f *loadFlags) addKind(cmd *cobra.Command) {
	f.addChoice(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&f.spawnRate, "spawn-rate", "r", "", "users started per second, such as 10/s")
	flags.StringVar(&f.pace, "pace", "", "divide think times by a number, or auto")
}

// addTry adds those that change what a try-out sends: it walks one user of each
// group that has one in the load, or in the shard of it.
func (f *loadFlags) addTry(cmd *cobra.Command) {
	f.addHost(cmd)
	f.addChoice(cmd)
	f.addUsers(cmd)
	f.addShard(cmd)
}

func (f *loadFlags) addShard(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.shard, "shard", "", "walk one part of the users only, such as 2/4; needs --seed")
}

func (f *loadFlags) addUsers(cmd *cobra.Command) {
	cmd.Flags().IntVarP(&f.users, "users", "u", 0, "virtual users, instead of the profile's")
}

// addChoice adds those that choose among loads of one kind.
func (f *loadFlags) addChoice(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.profile, "profile", "", "profile of the file (default: its default_profile)")
	flags.Uint64Var(&f.seed, "seed", 0, "seed of every random choice (default: a new one, printed)")
	f.seedGiven = func() bool { return changed(flags, "seed") }
}

func changed(flags *pflag.FlagSet, name string) bool {
	f := flags.Lookup(name)
	return f != nil && f.Changed
}

// options turns the flags into what plan takes.
func (f *loadFlags) options(env Env) (plan.Options, error) {
	o := plan.Options{Profile: f.profile, Users: f.users, MostUsers: f.mostUsers, Seed: f.seed}
	if f.users < 0 || f.users > 1_000_000 {
		return o, fmt.Errorf("--users %d: write 1 to 1000000", f.users)
	}
	if !f.seedGiven() {
		o.Seed = env.Seed()
	}
	var ok bool
	if o.SpawnRate, ok = perSecond(f.spawnRate); !ok {
		return o, fmt.Errorf("--spawn-rate %s: write users per second, such as 10/s", typed(f.spawnRate))
	}
	if o.Rate, ok = perSecond(f.rate); !ok {
		return o, fmt.Errorf("--rate %s: write arrivals per second, such as 50/s", typed(f.rate))
	}
	if f.runTime != "" {
		d, err := unit.ParseDuration(f.runTime)
		switch number, bare := unit.Number(strings.TrimSpace(f.runTime)); {
		case bare && number > 0 && err != nil:
			return o, fmt.Errorf("--run-time %s: its unit is missing; write -t %[1]ss or -t %[1]sm",
				typed(strings.TrimSpace(f.runTime)))
		case errors.Is(err, unit.ErrTooLong):
			return o, fmt.Errorf("--run-time %s: that is too long; write at most %s",
				typed(f.runTime), unit.Of(unit.Longest))
		case err != nil || d < time.Second:
			return o, fmt.Errorf("--run-time %s: write a duration of at least 1s, such as 5m", typed(f.runTime))
		}
		o.Duration = d
	}
	switch {
	case f.pace == "auto":
		o.Pace = &config.Pace{Auto: true}
	case f.pace != "":
		n, ok := unit.Number(strings.TrimSpace(f.pace))
		if !ok || n <= 0 || n > 1e6 {
			return o, fmt.Errorf("--pace %s: write a number above 0 and at most 1000000, or auto", typed(f.pace))
		}
		o.Pace = &config.Pace{All: n}
	}
	if o.Smoke = f.smoke; f.smoke && (f.runTime != "" || f.shard != "") {
		return o, errors.New("--smoke goes with neither --run-time nor --shard: it is one run of ten seconds")
	}
	if f.shard != "" {
		var err error
		if o.Shard, err = plan.ParseShard(f.shard); err != nil {
			return o, fmt.Errorf("--shard %s: %w", typed(f.shard), err)
		}
		if !o.Shard.Whole() && !f.seedGiven() {
			return o, hintError{
				errors.New("--shard needs --seed: every shard must draw from the same"),
				"give all shards one number, such as the id of the pipeline's run: --seed 7",
			}
		}
	}
	return o, nil
}

// perSecond reads the rate of a flag, in which a bare number is one per second,
// as Locust takes it; 0 for "". False: it is no rate above 0.
func perSecond(text string) (rate float64, ok bool) {
	if text == "" {
		return 0, true
	}
	if _, ok := unit.Number(text); ok {
		text += "/s"
	}
	rate, _, err := unit.ParseRate(text)
	return rate, err == nil && rate > 0
}

// plan reads the file and makes the plan that file and flags describe.
func (f *loadFlags) plan(env Env, file, host string) (*plan.Plan, error) {
	o, err := f.options(env)
	if err != nil {
		return nil, err
	}
	s, err := f.spec(env, file, config.Options{Host: host, Unsent: f.unsent})
	if err != nil {
		return nil, err
	}
	p, err := plan.New(s, o)
	if err == nil && f.whole {
		o.Shard = plan.Shard{}
		p, err = plan.New(s, o)
	}
	if err != nil {
		return nil, ofFile(file, err)
	}
	return p, nil
}

// ofFile puts the file before a mistake that names no place in it.
func ofFile(file string, err error) error {
	if strings.HasPrefix(err.Error(), file+":") {
		return err
	}
	return fmt.Errorf("%s: %w", file, err)
}
