package target

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/demo"
	"github.com/loadgate/loadgate/internal/unit"
)

// DemoFlags are the switches that make the stand-in misbehave: --slow of
// `demo` is --demo-slow of `run`.
type DemoFlags struct {
	slow, fail     []string
	nPlusOne, leak bool
	texts          map[string]*string // of the flags in readers
	seed           uint64
	prefix         string
}

// reader puts the text of a flag into the options.
type reader struct {
	flag, help string
	read       func(o *demo.Options, text string) error
}

// readers are the flags of one text each. Mistakes are reported in this order.
var readers = []reader{
	{"drift", "become steadily slower: 10%/m (the default without a value), or 600ms/m",
		reading(demo.ParseDrift, func(o *demo.Options) *demo.Drift { return &o.Drift })},
	{"freeze", "stop answering for a while: 500ms/5s every 5s, or 8s@15s once, from 0:15 on",
		reading(demo.ParseFreeze, func(o *demo.Options) *demo.Freeze { return &o.Freeze })},
	{"down", "reset every connection: 5s@30s for 5s from 0:30 on, or @30s for good",
		reading(demo.ParseSpan, func(o *demo.Options) *demo.Span { return &o.Down })},
	{"cache-down", "lose the cache, so that three endpoints answer 500: 20s@20s, or @20s for good",
		reading(demo.ParseSpan, func(o *demo.Options) *demo.Span { return &o.CacheDown })},
	{"burn", "use this much processor time for each request, in one thread: 20ms",
		reading(demo.ParseWork, func(o *demo.Options) *time.Duration { return &o.Burn })},
	{"metrics-block", "block the whole service this long at each GET /metrics: 1.9s",
		reading(demo.ParseWork, func(o *demo.Options) *time.Duration { return &o.MetricsBlock })},
	{"pool", "number of database connections: 2 (default 40)",
		reading(demo.ParsePool, func(o *demo.Options) *int { return &o.Pool })},
	{"hold", "keep each database connection this long after its last statement: 150ms",
		reading(demo.ParseWork, func(o *demo.Options) *time.Duration { return &o.Hold })},
	{"rate-limit", "answer 429 above this many requests per address: 100/min",
		reading(demo.ParseRateLimit, func(o *demo.Options) *demo.RateLimit { return &o.RateLimit })},
	{"start-delay", "stay unready for this long: 3s",
		reading(unit.ParseDuration, func(o *demo.Options) *time.Duration { return &o.StartDelay })},
	{"keep-alive", "close idle connections after this time: 5s",
		reading(unit.ParseDuration, func(o *demo.Options) *time.Duration { return &o.KeepAlive })},
}

func reading[T any](parse func(string) (T, error), to func(*demo.Options) *T) func(*demo.Options, string) error {
	return func(o *demo.Options, text string) (err error) {
		*to(o), err = parse(text)
		return err
	}
}

// usualDrift is that of the flag without a value.
const usualDrift = "10%/m"

// Add adds the switches, each with the prefix before its name.
func (f *DemoFlags) Add(cmd *cobra.Command, prefix string) {
	f.prefix, f.texts = prefix, map[string]*string{}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.slow, prefix+"slow", nil,
		"slow an endpoint: 'GET /api/tutors=600ms' or '=+60%', '=600ms@20s' from 0:20 on; "+
			"'600ms' alone slows all (may be repeated)")
	flags.StringArrayVar(&f.fail, prefix+"fail", nil,
		"fail an endpoint: 'POST /api/sessions=2%', '=2%@20s' from 0:20 on; '2%' alone fails all (may be repeated)")
	flags.BoolVar(&f.nPlusOne, prefix+"n-plus-one", false, "run one query for each tutor of a list")
	flags.BoolVar(&f.leak, prefix+"leak", false, "leak memory with every request")
	for _, r := range readers {
		f.texts[r.flag] = flags.String(prefix+r.flag, "", r.help)
	}
	flags.Lookup(prefix + "drift").NoOptDefVal = usualDrift
	flags.Uint64Var(&f.seed, prefix+"seed", 0, "seed of the demo's data, times and failures")
}

// DriftLike is what can only be meant as a drift, right or wrong. The value of its flags is optional.
var DriftLike = regexp.MustCompile(`^[^/]*/ *(s|m|min|h)$`)

// DriftFlags are the flags of a drift.
var DriftFlags = []string{"--drift", "--demo-drift"}

// Options reads the switches; every mistake is reported.
func (f *DemoFlags) Options() (demo.Options, error) {
	o := demo.Options{NPlusOne: f.nPlusOne, Leak: f.leak, Seed: f.seed}
	var errs []error
	note := func(flag string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("--%s%s: %w", f.prefix, flag, err))
		}
	}
	for _, text := range f.slow {
		slow, err := demo.ParseSlow(text)
		o.Slow = append(o.Slow, slow)
		note("slow", err)
	}
	for _, text := range f.fail {
		fail, err := demo.ParseFail(text)
		o.Fail = append(o.Fail, fail)
		note("fail", err)
	}
	for _, r := range readers {
		if text := *f.texts[r.flag]; text != "" {
			note(r.flag, r.read(&o, text))
		}
	}
	return o, errors.Join(errs...)
}
