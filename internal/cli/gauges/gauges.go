// Package gauges opens the resources of a plan so that a run can read them, with one HTTP
// client for each service that they ask.
package gauges

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/probe"
	targets "github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// Gauges are the resources of a plan, ready to be read.
type Gauges struct {
	List  []engine.Gauge
	world *probe.World
	of    *config.Config
}

// Open makes them ready; nothing is dialled, and an error is one of the file. Of a run in shards the first
// one watches: if each shard read them, the target would be asked many times as
// often. A smoke run watches nothing, for it is judged by failures.
func Open(env environ.Env, p *plan.Plan, w io.Writer) (*Gauges, error) {
	if p.Shard.K > 1 || p.Smoke {
		return &Gauges{}, nil
	}
	allow, err := targets.NewAllowList(p.Config.Target.Allow)
	if err != nil {
		return nil, err
	}
	fetch := &fetcher{env: env, target: p.Config.Target}
	world := &probe.World{
		Fetch: fetch.get, Reach: fetch.reach, Allow: allow, Port: localPort(p.Config.Target.URL),
		Getenv: p.Config.EnvFile.Behind(env.Getenv),
	}
	open := &Gauges{of: p.Config, world: world}
	var wrong thresholds.Errors
	for i, r := range p.Config.Resources {
		if r.Unset != "" {
			console.Print(w, "resource %s is left out: %s is not set", r.Name, r.Unset)
			continue
		}
		opened, err := open.world.Open(r.Probe)
		if err != nil {
			wrong = append(wrong, mistake.New(r.Pos, "resources."+r.Name, "%s", p.Config.Mask(err.Error())))
			continue
		}
		open.List = append(open.List, engine.Gauge{Index: i, Every: r.Every,
			Probe: opened, Hide: func(text string) string { return p.Config.Mask(text) }})
	}
	if wrong != nil {
		return open, wrong
	}
	return open, nil
}

// Check reads each gauge once, so that no run begins whose resources could not be
// judged. Values that are missing may come with the load.
func (g *Gauges) Check(ctx context.Context) error {
	var wrong []error
	for _, one := range g.List {
		reading, _, err := one.Look(ctx, time.Now())
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, absent := errors.AsType[*probe.AbsentError](err); err != nil && !absent {
			r := g.of.Resources[one.Index]
			wrong = append(wrong,
				failure.CouldNotRun(
					fmt.Errorf("%s: resource %s cannot be read: %s; correct it, or remove it from the file",
						r.Pos, r.Name, reading.Problem)),
			)
		}
	}
	return errors.Join(wrong...)
}

// Statements is what counts the statements of a database of the file; nil: none does.
func (g *Gauges) Statements(ctx context.Context) target.StatementCounter {
	if g.world == nil {
		return nil
	}
	if s := g.world.Statements(ctx, g.of.Resources); s != nil {
		return s.Since
	}
	return nil
}

// Close closes the connections of all gauges.
func (g *Gauges) Close() {
	for _, one := range g.List {
		if one.Probe.Close != nil {
			one.Probe.Close()
		}
	}
}

// localPort is the port of a URL of this machine; 0: it is none.
func localPort(text string) int {
	u, err := url.Parse(text)
	if err != nil {
		return 0
	}
	addr, err := netip.ParseAddr(u.Hostname())
	if u.Hostname() != "localhost" && (err != nil || !addr.IsLoopback()) {
		return 0
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		return port
	}
	port, _ := net.LookupPort("tcp", u.Scheme)
	return port
}

// fetcher asks the target, as its steps do, and other services. Safe for
// concurrent use.
type fetcher struct {
	env    environ.Env
	target config.Target

	mu      sync.Mutex
	clients map[string]*client.Client // by base URL, and "" for the target
}

// ofTarget says whether a place is a path of the target.
func ofTarget(place string) bool { return strings.HasPrefix(place, "/") }

// reach says why a place cannot be asked. The client of the target itself is not made for it: what is wrong with
// that is said where the load is.
func (f *fetcher) reach(place string) error {
	of, _, err := f.service(place)
	if err == nil && !ofTarget(place) {
		_, err = f.client(of, false)
	}
	return err
}

// service is the one that a place is of, and the path there.
func (f *fetcher) service(place string) (of config.Target, path string, err error) {
	of = f.target
	if ofTarget(place) {
		return of, place, nil
	}
	u, err := url.Parse(place)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return of, "", errors.New("url is neither a path of the target nor http:// or https://; " +
			"write one like /metrics or http://localhost:9090")
	case u.User != nil:
		return of, "", errors.New("url holds a user name or password, which is not sent; write it in target.headers " +
			"and a path of the target")
	}
	of.URL, of.Headers, of.HTTP, of.TLS = u.Scheme+"://"+u.Host, nil, targets.Auto, config.TLS{}
	return of, u.RequestURI(), nil
}

// get asks a path of the target with the target's headers, or a whole URL with
// none.
func (f *fetcher) get(ctx context.Context, place string) (probe.Answer, error) {
	of, path, err := f.service(place)
	if err != nil {
		return probe.Answer{}, err
	}
	c, err := f.client(of, ofTarget(place))
	if err != nil {
		return probe.Answer{}, err
	}
	session := c.Session()
	defer session.Close()
	req := client.Request{Method: "GET", Target: path, KeepBody: true, Digest: engine.FixedCredentials(of.Headers)}
	for _, h := range of.Headers {
		if text, fixed := h.Value.Static(); fixed && !h.Digest {
			req.Header = append(req.Header, client.Field{Name: h.Name, Value: text})
		}
	}
	var x client.Exchange
	session.Do(ctx, &req, &x)
	if x.Failure != metric.OK {
		return probe.Answer{}, fmt.Errorf("%s: %s", x.Failure, x.Detail)
	}
	return probe.Answer{Status: x.Status, Header: x.Header, Body: x.Body}, nil
}

// client is the one for a service. Only the target's own has its certificates: no
// other service gets them, even at the same address.
func (f *fetcher) client(of config.Target, own bool) (*client.Client, error) {
	key := of.URL
	if own {
		key = ""
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.clients[key]; c != nil {
		return c, nil
	}
	c, err := target.NewClient(f.env, of)
	if err != nil {
		if bad, ok := errors.AsType[*client.URLError](err); ok {
			err = fmt.Errorf("url %s", bad.Wrong)
		}
		return nil, err
	}
	if f.clients == nil {
		f.clients = map[string]*client.Client{}
	}
	f.clients[key] = c
	return c, nil
}
