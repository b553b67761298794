// Package metrics shows the runs of a command to others while they go on: it pushes their metrics to a collector of
// OpenTelemetry, and serves them as a page of Prometheus. It changes no run, and none waits for it.
package metrics

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/telemetry"
	"github.com/loadgate/loadgate/internal/telemetry/push"
	"github.com/loadgate/loadgate/internal/telemetry/scrape"
)

// Export is where the metrics of a command's runs go. The zero value exports nothing.
type Export struct {
	// Transport brings what is pushed to the collector; nil: the usual one.
	Transport http.RoundTripper

	collector, listen string // flags

	env      environ.Env
	settings push.Settings
	client   *push.Client // nil: nothing is pushed
	server   *scrape.Server
	queue    chan func(context.Context) // nil: nothing is exported
	group    sync.WaitGroup
	cancel   context.CancelFunc

	mu  sync.Mutex // of run, which the page reads
	run *telemetry.Run

	tally
	state
}

// Add adds --otlp and --metrics-listen.
func (x *Export) Add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&x.collector, "otlp", "",
		"push metrics to this collector of OpenTelemetry, over HTTP (default: what OTEL_EXPORTER_OTLP_ENDPOINT says)")
	cmd.Flags().StringVar(&x.listen, "metrics-listen", "",
		"serve metrics to Prometheus at this address, under /metrics, until the command ends")
}

// Open reads the flags and the environment, and begins to listen. It writes to progress where the metrics go.
func (x *Export) Open(ctx context.Context, env environ.Env, progress io.Writer) error {
	settings, on, notes, err := push.Read(x.collector, env.Getenv)
	if err != nil {
		return err
	}
	if x.listen != "" {
		if err := scrape.CheckAddress(x.listen); err != nil {
			return fmt.Errorf("--metrics-listen %s: %w", x.listen, err)
		}
	}
	for _, note := range notes {
		console.Print(env.Stderr, "%s", note)
	}
	if !on && x.listen == "" {
		return nil
	}
	if !on {
		settings.Resource = push.ReadResource(env.Getenv)
	}
	x.env, x.settings = env, settings
	if x.listen != "" {
		if x.server, err = scrape.Listen(ctx, x.listen, x.page); err != nil {
			return failure.CouldNotRun(fmt.Errorf("--metrics-listen %s: %w", x.listen, failure.WithoutPath(err)))
		}
		console.Print(progress, "metrics at http://%s/metrics", x.server.Address())
	}
	if on {
		settings.Transport = x.Transport
		x.client = push.New(settings)
		console.Print(progress, "metrics go to %s every %s, by %s", settings.Host(), every, settings.From)
	}
	x.begin()
	return nil
}

// On says whether there is anywhere for metrics to go, between Open and Close.
func (x *Export) On() bool { return x.queue != nil }

// Close pushes what was not pushed yet, waits for that and says what was dropped. It waits a few seconds at most,
// and hardly at all where ctx has ended: then the process has to end soon.
func (x *Export) Close(ctx context.Context) {
	if !x.On() {
		return
	}
	x.end(ctx)
	if x.client != nil {
		x.client.Close()
	}
	if x.server != nil {
		x.server.Close()
	}
	if line, ok := x.line(); ok {
		console.Print(x.env.Stderr, "%s", line)
	}
	x.queue = nil
}
