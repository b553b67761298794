package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/capacity"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// replicasFlags ask a search for the number of replicas.
type replicasFlags struct {
	flags                 *pflag.FlagSet
	count                 int
	peak, scaleUp, growth string
	scaleBy               string
	also                  []string
}

// mostReplicas is more than any service has.
const mostReplicas = 100_000

func (f *replicasFlags) add(flags *pflag.FlagSet) {
	f.flags = flags
	flags.IntVar(&f.count, "replicas", 0,
		"advise on replicas for an autoscaler: how many of them answer during the search")
	flags.StringVar(&f.peak, "peak", "", "requests to be served at the peak, such as 900/s; for the number of replicas")
	flags.StringVar(&f.scaleUp, "scale-up", "", "how long a new replica takes until it answers, such as 90s")
	flags.StringVar(&f.growth, "growth", "", "how fast the load grows meanwhile, such as 5%/min")
	flags.StringVar(&f.scaleBy, "scale-by", "requests", "figure that the autoscaler goes by: requests, cpu")
	flags.StringArrayVar(&f.also, "also", nil,
		"an earlier search with another number of replicas, COUNT=FOLDER (may be repeated)")
}

// read is what the flags ask for; nil: nothing. Every mistake is reported. The searches of --also are read by
// stored.
func (f *replicasFlags) read(stored func(folder string) (capacity.Other, error)) (*capacity.Replicas, error) {
	if !f.flags.Changed("replicas") {
		return nil, nil
	}
	var errs []error
	note := func(flag, text string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("--%s %s: %w", flag, usage.Quote(text), err))
		}
	}
	r := &capacity.Replicas{Count: f.count, CPU: f.scaleBy == "cpu"}
	if !countable(f.count) {
		note("replicas", strconv.Itoa(f.count), errCount)
	}
	var err error
	if f.peak != "" {
		r.Peak, _, err = unit.ParseRate(f.peak)
		if err == nil && (r.Peak <= 0 || r.Peak > 1e9) {
			err = errors.New("write more than 0/s, and at most 1000000000/s")
		}
		note("peak", f.peak, err)
	}
	if f.scaleUp != "" {
		r.ScaleUp, err = unit.ParseDuration(f.scaleUp)
		if err == nil && (r.ScaleUp <= 0 || r.ScaleUp > 24*time.Hour) {
			err = errors.New("write a time above 0s, and at most 24h")
		}
		note("scale-up", f.scaleUp, err)
	}
	if f.growth != "" {
		r.Growth, err = unit.ParseGrowth(f.growth)
		note("growth", f.growth, err)
	}
	if by := []string{"requests", "cpu"}; !slices.Contains(by, f.scaleBy) {
		errs = append(errs, usage.NotOneOf("--scale-by", f.scaleBy, by))
	}
	counts := map[int]bool{r.Count: true}
	for _, text := range f.also {
		count, folder, ok := strings.Cut(text, "=")
		if !ok || folder == "" {
			note("also", text, errors.New("write COUNT=FOLDER, such as 1=loadgate-capacity-1"))
			continue
		}
		n, err := replicaCount(count)
		if err == nil && counts[n] {
			err = fmt.Errorf("a search with %d is there already; write another number of replicas", n)
		}
		if err != nil {
			note("also", text, err)
			continue
		}
		counts[n] = true
		other, err := stored(folder)
		note("also", text, err)
		other.Count = n
		r.Others = append(r.Others, other)
	}
	return r, errors.Join(errs...)
}

// sameLoad refuses searches of --also that had another load than this one, of which r is a level.
func (f *replicasFlags) sameLoad(others []capacity.Other, r *result.Result) error {
	for i, other := range others {
		o := other.Levels[0]
		if o.Name != r.Name || o.Profile != r.Profile || o.Planned.Rate > 0 != (r.Planned.Rate > 0) ||
			!slices.EqualFunc(o.Endpoints, r.Endpoints, func(a, b result.Endpoint) bool { return a.Name == b.Name }) ||
			!slices.EqualFunc(o.Planned.Groups, r.Planned.Groups,
				func(a, b result.Group) bool { return a.Name == b.Name && a.Pace == b.Pace }) {
			return fmt.Errorf("--also %s: it is a search with another load, of profile %s; search with the same file "+
				"and profile", usage.Quote(f.also[i]), usage.Quote(o.Profile))
		}
	}
	return nil
}

func countable(n int) bool { return n >= 1 && n <= mostReplicas }

var errCount = fmt.Errorf("write a number of replicas, 1 to %d", mostReplicas)

func replicaCount(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || !countable(n) {
		return 0, errCount
	}
	return n, nil
}
