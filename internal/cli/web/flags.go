// Package web shows runs on a live page: what the page has of a run that goes on, what of its verdict, and what can
// be downloaded there. Who may see the page is live's, and what it looks like report/webpage's.
package web

import (
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/live"
	"github.com/loadgate/loadgate/internal/unit"
)

// DefaultAddress is where a page is served unless another address is given: Locust's port, on this machine alone.
const DefaultAddress = "127.0.0.1:8089"

// AddressLike is what can only be meant as an address with a port. The value of --web is optional.
var AddressLike = regexp.MustCompile(`^[^/ ]*:[0-9]*$`)

// Flags say whether a run is shown on a live page, and where. Nothing listens without them.
type Flags struct {
	address string
	names   []string
	linger  string
	stay    time.Duration // linger, once Check has read it
}

// Add adds --web and what belongs to it.
func (f *Flags) Add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.address, "web", "", "show the run on a live page at this address (default with --web alone: "+
		DefaultAddress+"); nobody can change the run there")
	flags.Lookup("web").NoOptDefVal = DefaultAddress
	AddNames(cmd, &f.names)
	flags.StringVar(&f.linger, "web-linger", "0s",
		"with --web: keep the page for this long after the verdict, such as 5m")
}

// AddNames adds --web-host.
func AddNames(cmd *cobra.Command, names *[]string) {
	cmd.Flags().StringArrayVar(names, "web-host", nil,
		"a name of this machine that browsers may use for the live page, beside localhost (may be repeated)")
}

// Check reads the flags.
func (f *Flags) Check() error {
	var err error
	if f.stay, err = unit.ParseDuration(f.linger); err != nil || f.stay < 0 || f.stay > 24*time.Hour {
		return fmt.Errorf("--web-linger %s: write a duration of at most 24h, such as 5m", usage.Quote(f.linger))
	}
	if f.address == "" && (f.stay > 0 || len(f.names) > 0) {
		return errors.New("--web-linger and --web-host belong to --web; add --web")
	}
	return nil
}

// Open begins to serve the page of a run, and prints its address; nil where none is asked for.
func (f *Flags) Open(progress io.Writer, title string) (*Show, error) {
	if f.address == "" {
		return nil, nil
	}
	s := NewShow(title, nil, nil, nil)
	s.stay, s.progress = f.stay, progress
	server, err := Listen("--web", live.Options{Address: f.address, Names: f.names, Page: s.Page, Files: s.Files()})
	if err != nil {
		return nil, err
	}
	s.server = server
	PrintAddress(progress, "watch the run at", server)
	return s, nil
}

// hostName is a name that a browser can send as that of a server: without a scheme and a port, and in ASCII.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$`)

// Listen serves a page, and says of which flag an address is that cannot be used.
func Listen(flag string, o live.Options) (*live.Server, error) {
	for _, name := range o.Names {
		if net.ParseIP(name) == nil && !hostName.MatchString(name) {
			return nil, fmt.Errorf("--web-host %s: write a name or an address alone, such as perf.example.com",
				usage.Quote(name))
		}
	}
	server, err := live.Listen(o)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, failure.CouldNotRun(failure.WithHint(
			fmt.Errorf("%s %s: another program listens there", flag, o.Address),
			"end it, or choose another port, such as 127.0.0.1:0 for a free one"))
	case err != nil:
		return nil, failure.CouldNotRun(fmt.Errorf("%s %s: %w", flag, o.Address, err))
	}
	return server, nil
}

// PrintAddress prints where a page is, and what a browser will ask about its certificate.
func PrintAddress(w io.Writer, what string, s *live.Server) {
	console.Print(w, "%s %s", what, s.URL())
	if print := s.Fingerprint(); print != "" {
		console.Print(w, "  the browser will ask about its certificate, whose SHA-256 is %s", print)
	}
}
