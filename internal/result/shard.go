package result

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
)

// DifferentRuns is the time between the starts of two shards from which on they
// cannot be of one run: no start is planned so far ahead.
const DifferentRuns = 24 * time.Hour

// describeItself lets a single shard of several keep in its Shard what the sum
// will no longer show.
func (r *Result) describeItself() {
	if len(r.Shards) != 1 || r.Shards[0].N <= 1 {
		return
	}
	end := r.End
	s := Shard{
		K: r.Shards[0].K, N: r.Shards[0].N,
		End: &end, Elapsed: r.Elapsed, Started: r.Started, Tool: r.Tool, Target: r.Target,
		Covered: covered(r.Timeline, r.Slot, r.Elapsed), Users: max(r.Planned.Users, r.Planned.MaxUsers),
		Watched: covered(slices.DeleteFunc(slices.Clone(r.Timeline), Moment.unread), r.Slot, r.Elapsed),
		Worker:  r.Shards[0].Worker, StartError: r.Shards[0].StartError,
	}
	for _, e := range r.Endpoints {
		for _, slot := range e.Slots {
			s.Requests, s.Failed = s.Requests+slot.Requests, s.Failed+slot.Failures()
		}
	}
	var lag hist.Latency
	for _, m := range r.Timeline {
		if m.Lag.Into(&lag) != nil {
			break // what is damaged is found where the sum is judged
		}
	}
	s.Lag, _ = lag.Quantile(lagQuantile)
	s.Timed = lag.Count()
	r.Shards[0] = s
}

// lagQuantile is the part of its requests that a shard sent no later than its Lag.
const lagQuantile = 0.99

// Missing is how much of its time a shard does not cover, of a run that was planned for so long; false: that is not
// known. One that did not come to its end was to cover what it says that it lasted.
func (s Shard) Missing(planned time.Duration) (missing time.Duration, ok bool) {
	if s.End == nil || s.Covered <= 0 {
		return 0, false
	}
	whole := s.Elapsed
	if *s.End == Complete {
		whole = max(whole, planned)
	}
	return max(0, whole-s.Covered), true
}

// MissingOf is how much of its time a shard of the result does not cover; false: that is not known. Where users leave
// by themselves, each shard lasts as long as its own.
func (r *Result) MissingOf(s Shard) (missing time.Duration, ok bool) {
	if r.Planned.Bounded {
		return s.Missing(0)
	}
	return s.Missing(r.Planned.Duration)
}

// covered is the time before an end that moments, which are one slot long each, tell of.
func covered(moments []Moment, slot, end time.Duration) time.Duration {
	var sum time.Duration
	for _, m := range moments {
		if time.Duration(m.Slot)*slot < end {
			sum += slot
		}
	}
	return sum
}

// unread says whether nothing was read of the generator.
func (m Moment) unread() bool { return !m.Generator.Read() }

// together says why two shards cannot be of one run. What is not known for one of
// them is not compared.
func (s Shard) together(other Shard) error {
	if !sameTarget(s.Target, other.Target) {
		return fmt.Errorf("they loaded different targets: shard %d of %d %s, shard %d of %d %s",
			s.K, s.N, s.Target, other.K, other.N, other.Target)
	}
	if s.Started.IsZero() || other.Started.IsZero() {
		return nil
	}
	if apart := s.Started.Sub(other.Started).Abs(); apart >= DifferentRuns {
		return fmt.Errorf("they are of different runs: shard %d of %d started on %s, shard %d of %d on %s",
			s.K, s.N, s.Started.UTC().Format(time.DateTime), other.K,
			other.N, other.Started.UTC().Format(time.DateTime))
	}
	return nil
}

// sameTarget says whether two targets are one service as far as their addresses
// show; an empty one is not known and matches any. All names of the local machine
// are equal.
func sameTarget(a, b string) bool {
	return a == "" || b == "" || a == b || place(a) == place(b)
}

// place is a target's address without what may be written in two ways.
func place(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return target
	}
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if addr, err := netip.ParseAddr(host); err == nil && addr.IsLoopback() {
		host = "localhost"
	}
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return u.Scheme + " " + host + " " + port + " " + strings.TrimSuffix(u.Path, "/")
}
