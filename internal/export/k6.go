package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
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
	if p.Open {
		s.arrivals()
	}
	s.k6Protocol()
	if s.err != nil {
		return nil, fmt.Errorf("k6: %w", s.err)
	}
	var body strings.Builder
	s.k6Groups(&body)
	out := bufio.NewWriter(w)
	s.head(out, "//")
	fmt.Fprint(out, k6Imports)
	fmt.Fprintf(out, "const base = __ENV.LOADGATE_HOST || %s;\n", quoted(p.Config.Target.URL))
	fmt.Fprintf(out, "const users = %d; // of the whole run, for numbers that are unique\n\n", max(p.Users, 1))
	s.k6Options(out)
	fmt.Fprintf(out, "// What expressions of thresholds.yaml call.\nconst gate = {\n%s};\n\n",
		helpers(k6Helpers, words.used, "  %s: %s,\n"))
	for _, d := range s.data {
		fmt.Fprintf(out, "const rows_%s = %s;\n\n", d.name, d.rows)
	}
	fmt.Fprint(out, k6Driver)
	fmt.Fprint(out, body.String())
	return s.notes, out.Flush()
}

// mostVUs is how many users of one group k6 is to make at most.
const mostVUs = 2000

// arrivals says what is not the same of arrivals.
func (s *script) arrivals() {
	profile, _ := s.plan.Config.Profile(s.plan.Profile) // it was planned, so it is there
	switch {
	case !profile.Even:
		s.note("arrivals come at equal distances in k6, each group at a rate of its own; here they come at random")
	case len(s.groups) > 1:
		s.note("each group has arrivals of its own in k6; here all groups together come at equal distances")
	}
	if s.plan.Users > mostVUs {
		s.note("a group has at most %d users at once in k6; here all groups together have up to %d",
			mostVUs, s.plan.Users)
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
	fmt.Fprint(w, "export const options = {\n")
	if p.Config.Target.TLS.Insecure {
		fmt.Fprint(w, "  insecureSkipTLSVerify: true,\n")
	}
	fmt.Fprint(w, "  scenarios: {\n")
	for _, g := range s.groups {
		fmt.Fprintf(w, "    %s: %s,\n", g.id, s.k6Scenario(g))
	}
	fmt.Fprint(w, "  },\n};\n\n")
}

// k6Scenario is the load of one group.
func (s *script) k6Scenario(g group) string {
	p := s.plan
	name := "users_" + g.id
	share := s.share(g.Group)
	stop := seconds(p.Timeout())
	if p.Open {
		// Its rates are whole numbers: in a thousand seconds there are enough.
		rate := func(perSecond float64) int { return int(math.Round(1000 * perSecond * share)) }
		most := min(p.Users, mostVUs)
		common := fmt.Sprintf(`exec: %q, timeUnit: "1000s", preAllocatedVUs: %d, maxVUs: %d, gracefulStop: %q`,
			name, min(50, most), most, stop)
		if len(p.Stages) == 0 {
			return fmt.Sprintf(`{ executor: "constant-arrival-rate", rate: %d, duration: %q, %s }`,
				rate(p.Rate), seconds(p.Duration), common)
		}
		return fmt.Sprintf(`{ executor: "ramping-arrival-rate", startRate: 0, stages: [%s], %s }`,
			k6Stages(p.Stages, func(st config.Stage) int { return rate(st.Rate) }), common)
	}
	stages := fmt.Sprintf(`{ duration: %q, target: %d }, { duration: %q, target: %d }`,
		seconds(p.Ramp), g.Users, seconds(p.Duration-p.Ramp), g.Users)
	if len(p.Stages) > 0 {
		stages = k6Stages(p.Stages, func(st config.Stage) int { return int(math.Round(float64(st.Users) * share)) })
	}
	return fmt.Sprintf(
		`{ executor: "ramping-vus", exec: %q, startVUs: 0, stages: [%s], gracefulRampDown: %q, gracefulStop: %q }`,
		name, stages, stop, stop)
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

// seconds is a length of time as k6 reads it.
func seconds(d time.Duration) string { return fmt.Sprintf("%dms", d.Milliseconds()) }

// k6Groups are the steps, and the function of each scenario.
func (s *script) k6Groups(w io.Writer) {
	for _, g := range s.groups {
		for i, st := range g.start {
			s.k6Step(w, fmt.Sprintf("%s_start_%d", g.id, i+1), st)
		}
		for i, st := range g.steps {
			s.k6Step(w, fmt.Sprintf("%s_%d", g.id, i+1), st)
		}
		fmt.Fprintf(w, "// %s\nconst group_%s = {\n", safetext.Line(g.Name), g.id)
		fmt.Fprint(w, "  enter: (u) => {\n")
		for _, v := range g.vars {
			fmt.Fprintf(w, "    u.%s = %s;\n", v.name, v.value)
		}
		for i := range g.start {
			fmt.Fprintf(w, "    %s_start_%d(u);\n", g.id, i+1)
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
		if s.plan.Open {
			least, most = 0, 0
		}
		fmt.Fprintf(w, "  think: [%g, %g], // seconds\n};\n\n", least, most)
		fmt.Fprintf(w, "export function users_%[1]s() {\n  walk(group_%[1]s);\n}\n\n", g.id)
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

func (s *script) k6Step(w io.Writer, name string, st step) {
	fmt.Fprintf(w, "const %s = (u) =>\n  send(u, {\n", name)
	line := func(key, value string) { fmt.Fprintf(w, "    %s: %s,\n", key, value) }
	line("name", quoted(st.Endpoint))
	line("method", quoted(st.Method))
	line("path", "() => "+st.path)
	if len(st.headers) > 0 {
		line("headers", "() => ("+members(s.words, st.headers)+")")
	}
	switch {
	case st.parts != nil:
		line("body", "() => ("+k6Parts(s.words, st.parts)+")")
	case st.body != "":
		line("body", "() => "+st.body)
	}
	if st.when != "" {
		line("when", "() => "+st.when)
	}
	if st.status != nil {
		line("good", "http.expectedStatuses("+ranges(st.status)+")")
	} else if st.expect != "" {
		line("expect", "(a) => "+st.expect)
		line("good", "http.expectedStatuses({ min: 100, max: 599 })")
	}
	if len(st.capture) > 0 {
		var keys, values []string
		for _, c := range st.capture {
			keys, values = append(keys, c.name), append(values, "(a) => "+c.value)
		}
		line("capture", s.words.Map(keys, values))
	}
	if len(st.forget) > 0 {
		line("forget", s.words.List(st.forget))
	}
	if st.Follow {
		line("redirects", "10")
	}
	line("timeout", fmt.Sprintf("%q", seconds(st.Timeout)))
	fmt.Fprint(w, "  });\n\n")
}

func members(words language, all []member) string {
	var keys, values []string
	for _, m := range all {
		keys, values = append(keys, m.name), append(values, m.value)
	}
	return words.Map(keys, values)
}

func k6Parts(words language, parts []part) string {
	var keys, values []string
	for _, p := range parts {
		value := p.text
		if value == "" {
			value = words.Call("file", []string{words.Text(encoded(p.file))})
		}
		if p.filename != "" {
			value = fmt.Sprintf("http.file(%s, %s, %s)", value, quoted(p.filename), quoted(p.kind))
		}
		keys, values = append(keys, p.name), append(values, value)
	}
	return words.Map(keys, values)
}

// ranges are numbers as k6 names them: alone, or from one to another.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, fmt.Sprint(numbers[i]))
		} else {
			parts = append(parts, fmt.Sprintf("{ min: %d, max: %d }", numbers[i], numbers[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// k6Driver walks users through their groups as loadgate does.
const k6Driver = `// One user of this VU: what it captured, and where it is.
let me = null;

// One request of a user, and the time it thinks behind it.
function walk(group) {
  if (me === null) {
    me = { u: Object.create(null), turns: [], round: -1 };
    group.rows(me.u, 0);
    group.enter(me.u);
  }
  for (let left = 0; left < 1000; left++) {
    if (me.turns.length === 0) {
      me.round++;
      group.rows(me.u, me.round);
      me.turns = round(group);
    }
    if (me.turns.shift()(me.u)) break; // what was left out has no wait
  }
  const [least, most] = group.think;
  if (most > 0) sleep(least + Math.random() * (most - least));
}

// The requests of one round: all of them, or those of what was drawn.
function round(group) {
  if (!group.weighted) return group.items.flatMap((it) => it.steps);
  let at = Math.random() * group.items.reduce((sum, it) => sum + it.weight, 0);
  for (const it of group.items) {
    at -= it.weight;
    if (at < 0) return [...it.steps];
  }
  return [...group.items[group.items.length - 1].steps];
}

function row(rows, pick, round) {
  if (pick === "random") return rows[Math.floor(Math.random() * rows.length)];
  const user = exec.vu.idInTest - 1;
  return rows[(pick === "next" ? user + round * users : user) % rows.length];
}

// Sends a request; false: it was left out.
function send(u, step) {
  if (step.when && !step.when()) return false;
  let path, body, headers;
  try {
    path = step.path();
    headers = step.headers ? step.headers() : {};
    body = step.body ? step.body() : null;
  } catch (e) {
    console.warn(step.name + ": an expression has no value, and nothing was sent: " + e.message);
    forget(u, step);
    return true;
  }
  const response = http.request(step.method, base + path, body, {
    headers,
    redirects: step.redirects || 0,
    timeout: step.timeout,
    responseCallback: step.good || http.expectedStatuses({ min: 200, max: 299 }),
    tags: { name: step.name },
  });
  const a = answer(response);
  const good = step.expect ? step.expect(a) : !response.error_code && (step.good || (a.status >= 200 && a.status < 300));
  if (step.expect) check(response, { [step.name]: () => good });
  if (!good) forget(u, step);
  else if (step.capture) {
    try {
      capture(u, step, a);
    } catch (e) {
      console.warn(step.name + ": nothing was captured: " + e.message);
      forget(u, step);
    }
  }
  return true;
}

// Keeps what a step captures; what was captured before stays where there is nothing.
function capture(u, step, a) {
  for (const key of Object.keys(step.capture)) {
    const value = step.capture[key](a);
    if (value === null || value === undefined) throw new Error(key + " is not in the answer");
    u[key] = value;
  }
}

// Takes back what a step that failed captured before, where it says so.
function forget(u, step) {
  for (const key of step.forget || []) delete u[key];
}

function answer(response) {
  let body = response.body;
  try {
    body = JSON.parse(response.body);
  } catch (e) {
    // text
  }
  const header = (name) => {
    for (const key of Object.keys(response.headers)) {
      if (key.toLowerCase() === name.toLowerCase()) return response.headers[key];
    }
    return null;
  };
  return { status: response.status, body, header };
}

`
