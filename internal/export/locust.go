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
	if p.Loads != nil {
		return nil, fmt.Errorf("locust: profile %s has several loads, and Locust has one; choose it: --only %s, or "+
			"export k6", safetext.Line(p.Profile), safetext.Line(p.Loads[0].Load))
	}
	if p.Open {
		return nil, closedOnly(p)
	}
	words := python{common{map[string]bool{"text": true}}}
	s := newScript(p, words)
	if p.Config.Target.HTTP == target.HTTP2 || p.Config.Target.HTTP == target.H2C {
		s.err = errors.New("target.http: Locust speaks HTTP/1.1 alone; export k6, or leave target.http out")
	}
	s.locustOnceNotes()
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
	s.locustFrom(out)
	fmt.Fprintf(out, "BASE = os.environ.get(\"LOADGATE_HOST\") or %s\n", quoted(p.Config.Target.URL))
	fmt.Fprint(out, s.hosts("HOSTS = %s\n"))
	fmt.Fprintf(out, "VERIFY = %s  # certificates\n", words.Bool(!p.Config.Target.TLS.Insecure))
	fmt.Fprint(out, "numbers = itertools.count()  # unique in this process, not over several\n\n\n")
	fmt.Fprintf(out, "class gate:\n    \"\"\"What expressions of thresholds.yaml call.\"\"\"\n\n%s\n",
		helpers(locustHelpers, words.used, "    @staticmethod\n    def %s%s\n\n"))
	for _, d := range s.data {
		fmt.Fprintf(out, "ROWS_%s = %s\n\n\n", strings.ToUpper(d.name), d.rows)
	}
	fmt.Fprint(out, locustDriver)
	s.locustOnce(out)
	fmt.Fprint(out, body.String())
	s.locustShape(out)
	return s.notes, out.Flush()
}

// closedOnly says why arrivals cannot be exported, and what can.
func closedOnly(p *plan.Plan) error {
	instead := "write a profile with users"
	at := slices.IndexFunc(p.Config.Profiles,
		func(other config.Profile) bool { return other.Loads == nil && !other.Open() })
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
import sys
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from urllib.parse import quote, unquote, urlencode
from uuid import uuid4

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

// locustShape makes stages of users of a load that has them.
func (s *script) locustShape(w io.Writer) {
	if len(s.plan.Stages) == 0 {
		return
	}
	var stages []string
	for _, st := range s.plan.Stages {
		stages = append(stages, fmt.Sprintf("(%d, %g, %g)", st.Users, st.Over.Seconds(), math.Max(st.For.Seconds(), 0)))
	}
	fmt.Fprintf(w, locustShape, strings.Join(stages, ", "), s.locustHold())
}

const locustShape = `class Stages(LoadTestShape):
    """Levels of users: how many, the seconds to get there, the seconds there."""

    stages = [%s]

    def tick(self):%s
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
