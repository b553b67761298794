// Package tape records what passes through a proxy on this machine while a command runs, and drafts it. It writes
// the certificate for clients, and nothing else.
package tape

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/process"
	"github.com/loadgate/loadgate/internal/recorder"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/target"
)

// Options are what is recorded, and how.
type Options struct {
	Listen      string   // host:port of this machine
	Host        string   // URL of the service; empty: the host that was asked most often
	Name        string   // of the service
	Certificate string   // file for what clients must trust; empty: in a temporary folder
	Command     []string // whose requests are recorded; nil: those until ctx ends
	To          string   // the file that is drafted, for messages alone; -: standard output
}

// taping is one recording.
type taping struct {
	Options
	env environ.Env
}

// Record records until the command or ctx ends, and drafts what was recorded.
func Record(ctx context.Context, env environ.Env, what Options) (d *draft.Draft, err error) {
	c := taping{what, env}
	service, err := c.service()
	if err != nil {
		return nil, err
	}
	if err := circle(service, c.Listen); err != nil {
		return nil, err
	}
	r, err := listen(recorder.Options{Address: c.Listen, Service: service})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, failure.CouldNotRun(r.Close())) }()
	remove, err := c.writeCertificate(r)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	// A signal ends what is recorded, and that is drafted. A second one ends the process.
	env.IgnoreSignals()
	again := newAgain(env, remove)
	defer again.stop()
	c.printAddress(r)
	if len(c.Command) > 0 {
		err = c.runCommand(ctx, r, again)
	} else {
		<-ctx.Done()
	}
	err = errors.Join(err, failure.CouldNotRun(r.Close())) // the last answers have come then
	if over := again.err(); over != nil {
		return nil, over
	}
	if err != nil {
		return nil, err
	}
	all := r.Recording()
	if len(all.Exchanges) == 0 {
		return nil, failure.CouldNotRun(errors.New(nothing(all, c.Host != "", len(c.Command) > 0)))
	}
	o := draft.Options{Name: c.Name}
	if service != nil { // the recorded paths are whole
		o.URL = service.Scheme + "://" + service.Host
	}
	d, err = drafted(all, o)
	return d, failure.CouldNotRun(err)
}

// service is where requests to the recorder's own address go; nil: nowhere.
func (c *taping) service() (*url.URL, error) {
	if c.Host == "" {
		return nil, nil
	}
	a, err := target.Parse(c.Host)
	if err != nil {
		return nil, fmt.Errorf("--host: %w", err)
	}
	if a.Socket != "" {
		return nil, errors.New("--host: a unix socket cannot be recorded; write a URL such as http://localhost:8000")
	}
	return url.Parse(a.Text)
}

// circle says that the service is the recorder itself: each request would come back to it.
func circle(service *url.URL, listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if service == nil || err != nil || service.Port() != port || service.Scheme != "http" {
		return nil
	}
	if at := service.Hostname(); at != host && at != "localhost" && host != "localhost" && !isUnspecified(at) {
		return nil
	}
	return fmt.Errorf("--host %s: the recorder itself listens there; write the address of the service, "+
		"or another --listen, such as 127.0.0.1:0", service)
}

func isUnspecified(host string) bool { ip := net.ParseIP(host); return ip != nil && ip.IsUnspecified() }

// listen begins to record, and words why it cannot.
func listen(o recorder.Options) (*recorder.Recorder, error) {
	host, port, err := net.SplitHostPort(o.Address)
	if err != nil || strings.Trim(port, "0123456789") != "" || port == "" {
		return nil, fmt.Errorf("--listen %q: write an address and a port, such as 127.0.0.1:8899", o.Address)
	}
	if !target.IsLoopback(host) {
		return nil, fmt.Errorf("--listen %s: a recorder listens on this machine alone; write 127.0.0.1:%s",
			o.Address, port)
	}
	r, err := recorder.Listen(o)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, failure.CouldNotRun(failure.WithHint(
			fmt.Errorf("--listen %s: another program listens there", o.Address),
			"end it, or choose another port, such as 127.0.0.1:0 for a free one"))
	case err != nil:
		return nil, failure.CouldNotRun(fmt.Errorf("--listen %s: %w", o.Address, err))
	}
	return r, nil
}

// writeCertificate writes the certificate that clients must trust, and returns what removes it.
func (c *taping) writeCertificate(r *recorder.Recorder) (remove func() error, err error) {
	if c.Certificate != "" {
		if _, err := os.Lstat(c.Certificate); err == nil { // it would be removed at the end
			return nil, fmt.Errorf("--ca %s: it is there already; write a file that is not", c.Certificate)
		}
		if err := output.WriteNew(c.env, c.Certificate, false, r.Certificate()); err != nil {
			return nil, err
		}
		return func() error { return removed(os.Remove(c.Certificate)) }, nil
	}
	folder, err := os.MkdirTemp("", "loadgate-record-")
	if err != nil {
		return nil, failure.CouldNotRun(fmt.Errorf("write the certificate: %w", err))
	}
	c.Certificate = filepath.Join(folder, "ca.pem")
	if err := output.WriteNew(c.env, c.Certificate, false, r.Certificate()); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return func() error { return removed(os.RemoveAll(folder)) }, nil
}

// removed is why a file was not removed; nil: it was, or is not there.
func removed(err error) error {
	if err == nil || errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return failure.CouldNotRun(fmt.Errorf("remove the certificate: %w", err))
}

// printAddress says where the recorder is and, to those who set up their clients themselves, how to use it.
func (c *taping) printAddress(r *recorder.Recorder) {
	out, at := c.env.Stderr, r.URL()
	where := at
	if c.Host != "" {
		where += ", as " + c.Host + " and as a proxy"
	}
	if len(c.Command) > 0 {
		console.Print(out, "recording on %s until the command ends", where)
		return
	}
	console.Print(out, "recording on %s; Ctrl-C ends it and writes %s", where, c.To)
	console.Print(out, "  as a proxy: HTTP_PROXY=%s HTTPS_PROXY=%[1]s NO_PROXY=", at)
	console.Print(out, "  for HTTPS trust %s, which is of this recording alone:", c.Certificate)
	console.Print(out, "    curl --cacert FILE; Python: REQUESTS_CA_BUNDLE=FILE; Node: NODE_EXTRA_CA_CERTS=FILE")
	console.Print(out, "    chromium --proxy-server=%s --proxy-bypass-list='<-loopback>' --user-data-dir=FOLDER "+
		"--ignore-certificate-errors-spki-list=%s", at, r.Pin())
}

// runCommand runs a command whose requests are recorded. That it failed is said, and what it sent is drafted.
func (c *taping) runCommand(ctx context.Context, r *recorder.Recorder, again *again) error {
	defer context.AfterFunc(ctx, func() {
		console.Print(c.env.Stderr, "the command is asked to end; a second signal kills it, and nothing is drafted")
	})()
	stdout := c.env.Stdout
	if c.To == "-" {
		stdout = c.env.Stderr
	}
	status, err := process.Foreground{Args: c.Command,
		Env:   environment(os.Environ(), r.URL(), c.Certificate),
		Stdin: c.env.Stdin, Stdout: stdout, Stderr: c.env.Stderr, Now: again.came}.Run(ctx)
	if err != nil {
		return failure.CouldNotRun(err)
	}
	if status != "" {
		console.Print(c.env.Stderr, "the command ended with %s; what it sent is drafted", status)
	}
	return nil
}

// nothing says what was probably wrong.
func nothing(all *recorder.Recording, service, command bool) string {
	switch {
	case len(all.Distrusted) > 0:
		return "nothing was recorded: the clients do not trust the recording's certificate; " +
			"the help of record names the variables and flags for it"
	case len(all.Streams) > 0:
		return "nothing was recorded but WebSockets and streams of events, which are not drafted: " +
			"write steps with ws or for"
	case service:
		return "nothing was recorded: no request came to the recorder's address; is it the base URL of the test?"
	case command:
		return "nothing was recorded: the command did not use the proxy of its environment, as Locust, k6, " +
			"Go programs and browsers do not for this machine; give --host URL and run the test against " +
			"$LOADGATE_RECORDER"
	}
	return "nothing was recorded: no client used the proxy; set HTTP_PROXY and HTTPS_PROXY, and leave NO_PROXY empty"
}
