package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/demo"
	"github.com/loadgate/loadgate/internal/unit"
)

// demoFlags are the switches that make the stand-in misbehave: --slow of
// `demo` is --demo-slow of `run`.
type demoFlags struct {
	slow, fail            []string
	nPlusOne, leak, drift bool
	freeze, rateLimit     string
	startDelay, keepAlive string
	seed                  uint64
	prefix                string
}

func (f *demoFlags) add(cmd *cobra.Command, prefix string) {
	f.prefix = prefix
	flags := cmd.Flags()
	flags.StringArrayVar(&f.slow, prefix+"slow", nil, "slow an endpoint: 'GET /api/tutors=600ms' or '=+60%' (may be repeated)")
	flags.StringArrayVar(&f.fail, prefix+"fail", nil, "fail an endpoint: 'POST /api/sessions=2%' (may be repeated)")
	flags.BoolVar(&f.nPlusOne, prefix+"n-plus-one", false, "one query for each tutor of a list")
	flags.BoolVar(&f.leak, prefix+"leak", false, "keep memory of every request")
	flags.BoolVar(&f.drift, prefix+"drift", false, "grow slower by 10 % a minute")
	flags.StringVar(&f.freeze, prefix+"freeze", "", "stop now and then: 500ms/5s")
	flags.StringVar(&f.rateLimit, prefix+"rate-limit", "", "answer 429 above so many requests of one address: 100/min")
	flags.StringVar(&f.startDelay, prefix+"start-delay", "", "be not ready for so long: 3s")
	flags.StringVar(&f.keepAlive, prefix+"keep-alive", "", "close idle connections after so long: 5s")
	flags.Uint64Var(&f.seed, prefix+"seed", 0, "seed of the stand-in's data, times and failures")
}

// options reads the switches; every mistake is reported.
func (f *demoFlags) options() (demo.Options, error) {
	o := demo.Options{NPlusOne: f.nPlusOne, Leak: f.leak, Drift: f.drift, Seed: f.seed}
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
	var err error
	if f.freeze != "" {
		o.Freeze, err = demo.ParseFreeze(f.freeze)
		note("freeze", err)
	}
	if f.rateLimit != "" {
		o.RateLimit, err = demo.ParseRateLimit(f.rateLimit)
		note("rate-limit", err)
	}
	durations := []struct {
		flag, text string
		to         *time.Duration
	}{{"start-delay", f.startDelay, &o.StartDelay}, {"keep-alive", f.keepAlive, &o.KeepAlive}}
	for _, d := range durations {
		if d.text != "" {
			*d.to, err = unit.ParseDuration(d.text)
			note(d.flag, err)
		}
	}
	return o, errors.Join(errs...)
}

func newDemo(env Env) *cobra.Command {
	var f demoFlags
	var listen string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Serve the TutorMax stand-in, with switches to make it slow, failing or leaking",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := f.options()
			if err != nil {
				return err
			}
			server, err := demo.Listen(cmd.Context(), listen, o)
			if err != nil {
				return notRunError{err}
			}
			fmt.Fprintf(env.Stdout, "TutorMax stand-in on %s (API: %s/openapi.json); Ctrl-C ends it\n", server.URL(), server.URL())
			err = server.Wait()
			if errors.Is(err, context.Canceled) || cmd.Context().Err() != nil {
				return nil
			}
			return err
		},
	}
	f.add(cmd, "")
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8000", "address to listen on; port 0 takes a free one")
	return cmd
}
