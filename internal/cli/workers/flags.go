package workers

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/fleet/hub"
	"github.com/loadgate/loadgate/internal/fleet/link"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// SeedVariable is where a run finds the seed of its hub, whose join secret is then known before the run begins.
const SeedVariable = "LOADGATE_HUB_SEED"

// Flags say how many workers make the load, and where they come from.
type Flags struct {
	// Kept says that loadgate setup made what the users read, so that the run tears nothing down, also one that goes
	// on.
	Kept bool

	count  int
	given  func() bool // whether count is
	listen string
	nats   NATS // that is there already; the zero value: a hub of this process
	wait   string
	within time.Duration // wait, once Check has read it
	loses  string        // workers, or a share of them, that may be lost
	lost   int           // loses, once Check has read it
	seed   hub.Seed      // of the hub, once Check has read it; the zero value: a new one
	begun  *Begun        // a run that goes on; nil: a new one
}

// Add adds the flags.
func (f *Flags) Add(cmd *cobra.Command) {
	f.AddCount(cmd, "spread the load over this many workers: processes of this machine, "+
		"or with --listen, loadgate worker on others")
	cmd.Flags().StringVar(&f.listen, "listen", "",
		"with --workers: wait here for workers on other machines, such as :7422")
	f.nats.Add(cmd, "with --workers: meet workers on other machines at this NATS server")
}

// AddCount adds the flags that say how many workers there are and how long to wait for them. The help of the first
// one is about.
func (f *Flags) AddCount(cmd *cobra.Command, about string) {
	flags := cmd.Flags()
	f.given = func() bool { return usage.Given(flags, "workers") }
	flags.IntVar(&f.count, "workers", 0, about)
	flags.StringVar(&f.wait, "wait-workers", usualWait, "with --workers: how long to wait for all of them")
}

// AddLost adds the flag that says how many workers may be lost.
func (f *Flags) AddLost(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.loses, "lost", "0",
		"with --workers: how many workers, or what share of them, a run may lose and still pass, with a warning")
}

// Lost is how many workers may be lost, once Check has read it.
func (f *Flags) Lost() int { return f.lost }

// usualWait is how long workers are waited for.
const usualWait = "5m"

// Resume makes the flags those of a run that goes on.
func (f *Flags) Resume(b *Begun) {
	f.count, f.listen, f.begun = len(b.Fleet.Members), b.Listen, b
	f.nats.Outside = link.Outside{URL: b.NATS, Creds: b.Creds}
}

// Asked says whether there are workers.
func (f *Flags) Asked() bool { return f.count != 0 }

// Count is how many workers there are; 0: this process makes the load itself.
func (f *Flags) Count() int { return f.count }

// Within is how long workers are waited for, once Check has read it.
func (f *Flags) Within() time.Duration { return f.within }

// remote says whether the workers are on other machines.
func (f *Flags) remote() bool { return f.listen != "" || f.nats.Asked() }

// Check reads the flags, and says what is wrong with them. For workers on other machines it takes the seed of the hub
// out of the environment, so that no file of a stranger can read it there and send it somewhere.
func (f *Flags) Check(env *environ.Env) (err error) {
	switch {
	case f.given() && f.count < 1 || f.count > result.MostShards:
		return fmt.Errorf("--workers %d: write 1 to %d", f.count, result.MostShards)
	case f.listen != "" && f.count == 0:
		return errors.New("--listen is for workers: say how many with --workers")
	case f.nats.Asked() && f.count == 0:
		return errors.New("--nats is for workers: say how many with --workers")
	case f.nats.Asked() && f.listen != "":
		return errors.New("--listen and --nats exclude each other: workers meet the run at one of them")
	case f.wait != usualWait && f.count == 0:
		return errors.New("--wait-workers is for workers: say how many with --workers")
	}
	if f.lost, err = f.readLost(); err != nil {
		return err
	}
	if f.within, err = Duration("wait-workers", f.wait, time.Second); err != nil {
		return err
	}
	if err = f.nats.Check(); err != nil || !f.remote() {
		return err
	}
	if text := env.First(SeedVariable); text != "" {
		if f.seed, err = hub.ParseSeed(text); err != nil {
			return fmt.Errorf("%s: %w", SeedVariable, err)
		}
	}
	getenv := env.Getenv
	env.Getenv = func(name string) (string, bool) {
		if name == SeedVariable {
			return "", false
		}
		return getenv(name)
	}
	return nil
}

// readLost reads --lost: a number of workers, or a share, of which the whole workers count.
func (f *Flags) readLost() (int, error) {
	text := strings.TrimSpace(f.loses)
	if text == "" || text == "0" {
		return 0, nil
	}
	if f.count == 0 {
		return 0, errors.New("--lost is for workers: say how many with --workers")
	}
	n, err := strconv.Atoi(text)
	share, noShare := unit.ParseRatio(text)
	switch whole := int(share*float64(f.count) + 1e-9); {
	case err == nil && n > 0 && n < f.count:
		return n, nil
	case noShare == nil && (share == 0 || whole > 0 && whole < f.count):
		return whole, nil
	case noShare == nil && share > 0 && whole == 0:
		return 0, fmt.Errorf("--lost %s: that is less than one of %s; write a number, such as 1",
			usage.Quote(text), unit.Counted(f.count, "worker"))
	}
	return 0, fmt.Errorf("--lost %s: write a number of workers below %d, or a share of them, such as 1 or 10%%",
		usage.Quote(text), f.count)
}

// CheckParts refuses a load that has fewer parts than there are workers.
func (f *Flags) CheckParts(p *plan.Plan) error { return checkParts(p, f.count) }

func checkParts(p *plan.Plan, count int) error {
	o := p.Options()
	o.Shard = plan.Shard{K: count, N: count}
	if _, err := plan.New(p.Config, o); err != nil {
		return fmt.Errorf("--workers %d: %w", count, err)
	}
	return nil
}

// Count reads a number of workers, that the load has parts for.
func Count(p *plan.Plan, text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > result.MostShards {
		return 0, fmt.Errorf("--workers %s: write 1 to %d, or auto", usage.Quote(text), result.MostShards)
	}
	return n, checkParts(p, n)
}

// Duration reads the text of a flag: a time from least to a day.
func Duration(flag, text string, least time.Duration) (time.Duration, error) {
	const day = 24 * time.Hour
	d, err := unit.ParseDuration(text)
	if err != nil || d < least || d > day {
		return 0, fmt.Errorf("--%s %s: write a duration from %s to %s, such as 5m",
			flag, usage.Quote(text), unit.Compact(least), unit.Compact(day))
	}
	return d, nil
}
