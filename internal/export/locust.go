package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/target"
)

// writeLocust writes a locustfile: each group is a class of users, each task
// one request, behind which the user thinks.
func writeLocust(w io.Writer, p *plan.Plan) ([]string, error) {
	if p.Open {
		return nil, closedOnly(p)
	}
	words := python{common{map[string]bool{"text": true}}}
	s := newScript(p, words)
	if p.Config.Target.HTTP == target.HTTP2 || p.Config.Target.HTTP == target.H2C {
		s.err = errors.New("target.http: Locust speaks HTTP/1.1 alone; export k6, or leave target.http out")
	}
	s.note("its percentiles are rounded to two digits and hold failed requests too")
	if s.err != nil {
		return nil, fmt.Errorf("locust: %w", s.err)
	}
	var body strings.Builder
	s.locustGroups(&body)
	out := bufio.NewWriter(w)
	s.head(out, "#")
	fmt.Fprintf(out, "# %s\n", runLocust("locustfile.py", p))
	fmt.Fprint(out, locustImports)
	fmt.Fprintf(out, "BASE = os.environ.get(\"LOADGATE_HOST\") or %s\n", quoted(p.Config.Target.URL))
	fmt.Fprintf(out, "VERIFY = %s  # certificates\n", words.Bool(!p.Config.Target.TLS.Insecure))
	fmt.Fprint(out, "numbers = itertools.count()  # unique in this process, not over several\n\n\n")
	fmt.Fprintf(out, "class gate:\n    \"\"\"What expressions of thresholds.yaml call.\"\"\"\n\n%s\n",
		helpers(locustHelpers, words.used, "    @staticmethod\n    def %s%s\n\n"))
	for _, d := range s.data {
		fmt.Fprintf(out, "ROWS_%s = %s\n\n\n", strings.ToUpper(d.name), d.rows)
	}
	fmt.Fprint(out, locustDriver)
	fmt.Fprint(out, body.String())
	s.locustShape(out)
	return s.notes, out.Flush()
}

// closedOnly says why arrivals cannot be exported, and what can.
func closedOnly(p *plan.Plan) error {
	instead := "write a profile with users"
	at := slices.IndexFunc(p.Config.Profiles, func(other config.Profile) bool { return !other.Open() })
	if at >= 0 {
		instead = "choose a profile with users: --profile " + safetext.Line(p.Config.Profiles[at].Name)
	}
	return fmt.Errorf("locust: profile %s has arrivals at a rate, and Locust has users alone: they wait for their "+
		"answers, also with constant_throughput, so that a slow service gets fewer requests; export k6, or %s",
		safetext.Line(p.Profile), instead)
}

// runLocust has the load in its flags, unless it has stages: those are in the script. That requests failed is for
// the check to say.
func runLocust(file string, p *plan.Plan) string {
	load := ""
	if len(p.Stages) == 0 {
		load = fmt.Sprintf(" -u %d -r %g -t %ds", p.Users, p.SpawnRate, int(p.Duration.Seconds()))
	}
	return fmt.Sprintf("locust -f %s --headless%s --csv r --exit-code-on-error 0 && loadgate check r_stats.csv%s",
		file, load, checkedAs(p))
}

const locustImports = `
import base64
import itertools
import json
import logging
import math
import os
import random
import re
import statistics
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from urllib.parse import quote, unquote, urlencode
from uuid import uuid4

from locust import HttpUser, LoadTestShape, between, task

`

// locustGroups are the classes of users.
func (s *script) locustGroups(w io.Writer) {
	for _, g := range s.groups {
		least, most := think(g.Group)
		fmt.Fprintf(w, "class %s(Person):\n", className(g.id))
		fmt.Fprintf(w, "    weight = %d\n    wait_time = between(%g, %g)\n", max(1, g.Users), least, most)
		fmt.Fprintf(w, "    weighted = %s\n\n", s.words.Bool(g.Order == config.Weighted))
		fmt.Fprint(w, "    def enter(self, u):\n")
		for _, v := range g.vars {
			fmt.Fprintf(w, "        u[%s] = %s\n", quoted(v.name), v.value)
		}
		for i := range g.start {
			fmt.Fprintf(w, "        self.start_%d(u)\n", i+1)
		}
		if len(g.vars)+len(g.start) == 0 {
			fmt.Fprint(w, "        pass\n")
		}
		fmt.Fprint(w, "\n    def rows(self, u, number):\n")
		for _, d := range s.data {
			fmt.Fprintf(w, "        u[%s] = row(ROWS_%s, %q, self.index, number)\n",
				quoted(d.name), strings.ToUpper(d.name), d.pick)
		}
		if len(s.data) == 0 {
			fmt.Fprint(w, "        pass\n")
		}
		for i, st := range g.start {
			s.locustStep(w, fmt.Sprintf("start_%d", i+1), st)
		}
		for i, st := range g.steps {
			s.locustStep(w, fmt.Sprintf("step_%d", i+1), st)
		}
		if len(g.end) > 0 {
			fmt.Fprint(w, "\n    def on_stop(self):\n")
			for i := range g.end {
				fmt.Fprintf(w, "        self.end_%d(self.u)\n", i+1)
			}
		}
		for i, st := range g.end {
			s.locustStep(w, fmt.Sprintf("end_%d", i+1), st)
		}
		fmt.Fprintf(w, "\n    items = %s\n\n\n",
			itemsOf(g, func(n int) string { return fmt.Sprintf("step_%d", n+1) }, "(%g, [%s])"))
	}
}

func className(id string) string {
	var out strings.Builder
	for _, word := range strings.Split(id, "_") {
		if word != "" {
			out.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return out.String() + "Users"
}

func (s *script) locustStep(w io.Writer, name string, st step) {
	fmt.Fprintf(w, "\n    def %s(self, u):\n        return self.send(\n", name)
	fmt.Fprintf(w, "            %s, %s, path=lambda: %s,\n", quoted(st.Method),
		quoted(strings.TrimPrefix(st.Endpoint, st.Method+" ")), st.path)
	line := func(key, value string) { fmt.Fprintf(w, "            %s=%s,\n", key, value) }
	if len(st.headers) > 0 {
		line("headers", "lambda: "+members(s.words, st.headers))
	}
	switch {
	case st.parts != nil:
		var parts []string
		for _, p := range st.parts {
			content, filename, kind := p.text, "None", "None"
			if content == "" {
				content = s.words.Call("file", []string{s.words.Text(encoded(p.file))})
			}
			if p.filename != "" {
				filename = quoted(p.filename)
			}
			if p.kind != "" {
				kind = quoted(p.kind)
			}
			parts = append(parts, fmt.Sprintf("(%s, (%s, %s, %s))", quoted(p.name), filename, content, kind))
		}
		line("files", "lambda: ["+strings.Join(parts, ", ")+"]")
	case st.body != "":
		line("body", "lambda: "+st.body)
	}
	if st.when != "" {
		line("when", "lambda: "+st.when)
	}
	if st.expect != "" {
		line("expect", "lambda a: "+st.expect)
	}
	if len(st.capture) > 0 {
		var keys, values []string
		for _, c := range st.capture {
			keys, values = append(keys, c.name), append(values, "lambda a: "+c.value)
		}
		line("capture", s.words.Map(keys, values))
	}
	if len(st.forget) > 0 {
		line("forget", s.words.List(st.forget))
	}
	if st.Follow {
		line("follow", "True")
	}
	fmt.Fprintf(w, "            timeout=%g, u=u,\n        )\n", st.Timeout.Seconds())
}

// locustShape makes stages of users of a load that has them.
func (s *script) locustShape(w io.Writer) {
	if len(s.plan.Stages) == 0 {
		return
	}
	var stages []string
	for _, st := range s.plan.Stages {
		stages = append(stages, fmt.Sprintf("(%d, %g, %g)", st.Users, st.Over.Seconds(), math.Max(st.For.Seconds(), 0)))
	}
	fmt.Fprintf(w, locustShape, strings.Join(stages, ", "))
}

const locustShape = `class Stages(LoadTestShape):
    """Levels of users: how many, the seconds to get there, the seconds there."""

    stages = [%s]

    def tick(self):
        now, level = self.get_run_time(), 0
        for users, over, stay in self.stages:
            if now < over:
                return max(1, round(level + (users - level) * now / over)), 100
            now -= over
            if now < stay:
                return users, 100
            now -= stay
            level = users
        return None
`

const locustDriver = `def row(rows, pick, index, number):
    if pick == "random":
        return random.choice(rows)
    return rows[(index if pick == "unique" else index + number) % len(rows)]


class Person(HttpUser):
    """Walks through its steps as loadgate's users do."""

    abstract = True
    host = BASE
    people = itertools.count()

    def on_start(self):
        self.client.verify = VERIFY
        self.index = next(Person.people)
        self.u, self.turns, self.number = {}, [], -1
        self.rows(self.u, 0)
        self.enter(self.u)

    @task
    def walk(self):
        for _ in range(1000):
            if not self.turns:
                self.number += 1
                self.rows(self.u, self.number)
                self.turns = self.round()
            if self.turns.pop(0)(self, self.u):
                return  # what was left out has no wait

    def round(self):
        if not self.weighted:
            return [step for _, steps in self.items for step in steps]
        drawn = random.choices(self.items, weights=[weight for weight, _ in self.items])[0]
        return list(drawn[1])

    def send(self, method, name, path, u, when=None, forget=(), **request):
        """Sends a request; False: it was left out."""
        if when and not when():
            return False
        if not self.ask(method, name, path, u, **request):
            for key in forget:
                u.pop(key, None)
        return True

    def ask(self, method, name, path, u, headers=dict, body=None, files=None, expect=None, capture=None, follow=False, timeout=10):
        """Sends a request; False: it failed, or could not be sent."""
        try:
            url, sent = path(), {key: str(value) for key, value in headers().items()}
            content = body() if body else None
            parts = files() if files else None
        except Exception as missing:  # an expression has no value
            logging.warning(f"{method} {name}: an expression has no value, and nothing was sent: {missing}")
            return False
        if isinstance(content, str):
            content = content.encode()
        with self.client.request(
            method, url, name=name, headers=sent, data=content, files=parts, allow_redirects=follow, timeout=timeout, catch_response=True
        ) as response:
            a = answer(response)
            try:
                good = expect(a) if expect else 200 <= a.status < 300
                for key, value in (capture or {}).items() if good else ():
                    got = value(a)
                    if got is None:
                        response.failure("capture: " + key + " is not in the answer")
                        return False
                    u[key] = got
            except Exception as odd:
                response.failure(str(odd))
                return False
            if good:
                response.success()
            else:
                response.failure(getattr(response, "error", None) or "status " + str(a.status))
        return good


def answer(response):
    try:
        body = response.json()
    except ValueError:
        body = response.text
    return SimpleNamespace(status=response.status_code, body=body, headers=response.headers)


`
