package telemetry

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/target"
)

// row is an endpoint or a transaction.
type row struct {
	of     instrument
	name   string
	once   metric.Once
	warmUp time.Duration
	common []attribute
	seen   map[kindOf]int64 // failures so far
}

// kindOf tells failures of an endpoint apart.
type kindOf struct {
	kind   metric.Failure
	status int
}

// part says which requests of an endpoint a point is of, where they are not the judged ones.
const part = "loadgate.part"

// rowsOf are the endpoints of a run, and behind them its transactions.
func rowsOf(p *plan.Plan, r *result.Result) []row {
	server := serverOf(p.Config.Target)
	methods := methodsOf(p)
	warmUps := map[string]time.Duration{} // by load
	for _, load := range p.Each() {
		warmUps[load.Load] = load.WarmUp
	}
	if p.Loads == nil {
		warmUps[""] = p.WarmUp
	}
	var rows []row
	for i, e := range r.Endpoints {
		method, template := "_OTHER", e.Name
		if i < len(methods) && methods[i] != "" {
			method = methods[i]
		}
		if path, ok := strings.CutPrefix(e.Name, method+" "); ok {
			template = path
		}
		rows = append(rows, row{duration, e.Name, e.Once, warmUps[e.Place.Load], slices.Concat([]attribute{
			text("http.request.method", method), text("url.template", template)}, server, loadOf(e)),
			map[kindOf]int64{}})
	}
	for _, t := range r.Transactions {
		rows = append(rows, row{transaction, t.Name, t.Once, warmUps[t.Place.Load],
			append([]attribute{text("loadgate.transaction", t.Name)}, loadOf(t)...), map[kindOf]int64{}})
	}
	return rows
}

// loadOf names the load of a row, where the run has several, and the users, where a rule tells their groups apart.
func loadOf(e result.Endpoint) (of []attribute) {
	if e.Place.Load != "" {
		of = append(of, text("loadgate.load", e.Place.Load))
	}
	if e.Place.Users != "" {
		of = append(of, text("loadgate.users", e.Place.Users))
	}
	return of
}

// methodsOf is the method of each endpoint; "" where its steps have several.
func methodsOf(p *plan.Plan) []string {
	methods, several := make([]string, len(p.Endpoints)), make([]bool, len(p.Endpoints))
	for _, load := range p.Each() {
		for _, g := range load.Groups {
			for s := range g.All() {
				at := load.Row(s.Endpoint, len(p.Endpoints))
				several[at] = several[at] || methods[at] != "" && methods[at] != s.Method
				methods[at] = s.Method
			}
		}
	}
	for i := range methods {
		if several[i] {
			methods[i] = ""
		}
	}
	return methods
}

// serverOf is where the requests go.
func serverOf(t config.Target) []attribute {
	if socket, _, ok := target.SocketURL(t.URL); ok {
		return []attribute{text("server.address", socket)}
	}
	u, err := url.Parse(t.URL)
	if err != nil {
		return nil
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	all := []attribute{text("server.address", u.Hostname())}
	if n, err := strconv.ParseInt(port, 10, 32); err == nil {
		all = append(all, attribute{"server.port", n})
	}
	return all
}

// judged are the attributes of requests that rules judge.
func (r row) judged() []attribute {
	if r.once.Any() {
		return slices.Concat(r.common, []attribute{{part, r.once.String()}})
	}
	return slices.Clone(r.common)
}

// during are the attributes of requests that ended at a time of the run. Start and end steps count in the warm-up, too.
func (r row) during(at time.Duration) []attribute {
	if at < r.warmUp && !r.once.Any() {
		return slices.Concat(r.common, []attribute{{part, "warm_up"}})
	}
	return r.judged()
}
