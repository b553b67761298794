package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/target"
)

// writeK6 writes a script for k6: each group is a scenario with an executor of
// the plan's load, each iteration one request and the think time after it.
func writeK6(w io.Writer, p *plan.Plan) ([]string, error) {
	words := javascript{common{map[string]bool{"text": true}}}
	s := newScript(p, words)
	for _, g := range s.groups {
		if len(g.end) > 0 {
			s.note("the end steps of %s are not sent: a user of k6 does nothing when it leaves", safetext.Line(g.Name))
		}
		for _, st := range append(append([]step{}, g.start...), g.steps...) {
			if st.expect != "" && st.status == nil {
				s.note("%s: what it expects beyond the status is a check, and no failed request there",
					safetext.Line(st.Endpoint))
			}
		}
	}
	for _, load := range p.Each() {
		if load.Open {
			s.arrivals(load)
		}
	}
	if p.Loads != nil {
		s.note("its results do not tell loads apart: an endpoint of several has one figure, and rules with loads are " +
			"not judged")
	}
	s.k6Protocol()
	s.k6OnceNotes()
	if s.err != nil {
		return nil, fmt.Errorf("k6: %w", s.err)
	}
	var body strings.Builder
	s.k6Groups(&body)
	out := bufio.NewWriter(w)
	s.head(out, "//")
	fmt.Fprint(out, k6Imports)
	fmt.Fprintf(out, "const base = __ENV.LOADGATE_HOST || %s;\n", quoted(p.Config.Target.URL))
	fmt.Fprint(out, s.hosts("const hosts = %s;\n"))
	fmt.Fprintf(out, "const users = %d; // of the whole run, for numbers that are unique\n\n", max(p.Users, 1))
	s.k6Options(out)
	fmt.Fprintf(out, "// What expressions of thresholds.yaml call.\nconst gate = {\n%s};\n\n",
		helpers(k6Helpers, words.used, "  %s: %s,\n"))
	for _, d := range s.data {
		fmt.Fprintf(out, "const rows_%s = %s;\n\n", d.name, d.rows)
	}
	fmt.Fprint(out, k6Driver)
	s.k6Once(out)
	fmt.Fprint(out, body.String())
	return s.notes, out.Flush()
}

// mostVUs is how many users of one group k6 is to make at most.
const mostVUs = 2000

// arrivals says what is not the same of those of a load.
func (s *script) arrivals(load *plan.Plan) {
	switch {
	case !load.Even:
		s.note("arrivals come at equal distances in k6, each group at a rate of its own; here they come at random")
	case len(load.Groups) > 1:
		s.note("each group has arrivals of its own in k6; here all groups together come at equal distances")
	}
	if load.Users > mostVUs {
		s.note("a group has at most %d users at once in k6; here all groups together have up to %d",
			mostVUs, load.Users)
	}
}

// k6Protocol says which version of HTTP k6 speaks, where that may be another one.
func (s *script) k6Protocol() {
	switch secure := strings.HasPrefix(s.plan.Config.Target.URL, "https:"); s.plan.Config.Target.HTTP {
	case target.H2C:
		if s.err == nil {
			s.err = errors.New("target.http: k6 speaks HTTP/2 over TLS alone; leave target.http out")
		}
	case target.HTTP2:
		s.note("target.http: k6 speaks HTTP/1.1 where the service does not offer HTTP/2")
	case target.HTTP1:
		if secure {
			s.note("target.http: k6 speaks HTTP/2 where the service offers it, unless GODEBUG=http2client=0 is set")
		}
	}
}

func runK6(file string, p *plan.Plan) string {
	return fmt.Sprintf("k6 run --out json=k6.json.gz %s && loadgate check k6.json.gz%s", file, checkedAs(p))
}

const k6Imports = `
import http from "k6/http";
import exec from "k6/execution";
import encoding from "k6/encoding";
import { check, sleep } from "k6";

`

// k6Options are the scenarios.
func (s *script) k6Options(w io.Writer) {
	p := s.plan
	// An iteration is one request, and without this a user would lose its cookies with each.
	fmt.Fprint(w, "export const options = {\n  noCookiesReset: true,\n")
	if p.Config.Target.TLS.Insecure {
		fmt.Fprint(w, "  insecureSkipTLSVerify: true,\n")
	}
	fmt.Fprint(w, "  scenarios: {\n")
	for _, g := range s.groups {
		fmt.Fprintf(w, "    %s: %s,\n", g.id, s.k6Scenario(g))
	}
	fmt.Fprint(w, "  },\n")
	s.k6OnceOptions(w)
	fmt.Fprint(w, "};\n\n")
}

// k6Scenario is the load of one group.
func (s *script) k6Scenario(g group) string {
	p := g.load
	name := "users_" + g.id
	share := g.share()
	start := ""
	if p.Start > 0 {
		start = fmt.Sprintf("startTime: %q, ", seconds(p.Start))
	}
	stop := seconds(p.Timeout())
	if p.Open {
		// Its rates are whole numbers: in a thousand seconds there are enough.
		rate := func(perSecond float64) int { return int(math.Round(1000 * perSecond * share)) }
		most := min(p.Users, mostVUs)
		common := fmt.Sprintf(`exec: %q, timeUnit: "1000s", preAllocatedVUs: %d, maxVUs: %d, gracefulStop: %q`,
			name, min(50, most), most, stop)
		if len(p.Stages) == 0 {
			return fmt.Sprintf(`{ %sexecutor: "constant-arrival-rate", rate: %d, duration: %q, %s }`,
				start, rate(p.Rate), seconds(p.Duration-p.Start), common)
		}
		return fmt.Sprintf(`{ %sexecutor: "ramping-arrival-rate", startRate: 0, stages: [%s], %s }`,
			start, k6Stages(p.Stages, func(st config.Stage) int { return rate(st.Rate) }), common)
	}
	stages := fmt.Sprintf(`{ duration: %q, target: %d }, { duration: %q, target: %d }`,
		seconds(p.Ramp-p.Start), g.Users, seconds(p.Duration-p.Ramp), g.Users)
	if len(p.Stages) > 0 {
		stages = k6Stages(p.Stages, func(st config.Stage) int { return int(math.Round(float64(st.Users) * share)) })
	}
	return fmt.Sprintf(
		`{ %sexecutor: "ramping-vus", exec: %q, startVUs: 0, stages: [%s], gracefulRampDown: %q, gracefulStop: %q }`,
		start, name, stages, stop, stop)
}

func k6Stages(stages []config.Stage, target func(config.Stage) int) string {
	var parts []string
	for _, st := range stages {
		parts = append(parts, fmt.Sprintf(`{ duration: %q, target: %d }`, seconds(st.Over), target(st)))
		if st.For > 0 {
			parts = append(parts, fmt.Sprintf(`{ duration: %q, target: %d }`, seconds(st.For), target(st)))
		}
	}
	return strings.Join(parts, ", ")
}

// k6Groups are the steps, and the function of each scenario.
func (s *script) k6Groups(w io.Writer) {
	for _, g := range s.groups {
		for i, st := range g.start {
			s.k6Step(w, fmt.Sprintf("%sStart_%d", g.id, i+1), st)
		}
		for i, st := range g.steps {
			s.k6Step(w, fmt.Sprintf("%s_%d", g.id, i+1), st)
		}
		name := metric.Place{Load: g.load.Load}.Label(g.Name)
		fmt.Fprintf(w, "// %s\nconst group_%s = {\n", safetext.Line(name), g.id)
		fmt.Fprint(w, "  enter: (u) => {\n")
		for _, v := range g.vars {
			fmt.Fprintf(w, "    u.%s = %s;\n", v.name, v.value)
		}
		for i := range g.start {
			fmt.Fprintf(w, "    %sStart_%d(u);\n", g.id, i+1)
		}
		fmt.Fprint(w, "  },\n  rows: (u, round) => {\n")
		for _, d := range s.data {
			fmt.Fprintf(w, "    u.%[1]s = row(rows_%[1]s, %[2]q, round);\n", d.name, d.pick)
		}
		fmt.Fprint(w, "  },\n")
		fmt.Fprintf(w, "  items: %s,\n", itemsOf(g, func(n int) string { return fmt.Sprintf("%s_%d", g.id, n+1) },
			"{ weight: %g, steps: [%s] }"))
		fmt.Fprintf(w, "  weighted: %t,\n", g.Order == config.Weighted)
		least, most := think(g.Group)
		if g.load.Open {
			least, most = 0, 0
		}
		fmt.Fprintf(w, "  think: [%g, %g], // seconds\n};\n\n", least, most)
		fmt.Fprintf(w, "export function users_%[1]s(setup) {\n  walk(group_%[1]s, setup);\n}\n\n", g.id)
	}
}

// itemsOf is what rounds move by, as a list.
func itemsOf(g group, step func(n int) string, one string) string {
	var items []string
	for _, it := range g.Items() {
		var steps []string
		for _, n := range it.Steps {
			steps = append(steps, step(n))
		}
		items = append(items, fmt.Sprintf(one, it.Weight, strings.Join(steps, ", ")))
	}
	return "[" + strings.Join(items, ", ") + "]"
}
