package main

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/testport"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// exits runs a program and compares its exit code:
//
//	exits 3 loadgate check result.json
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENT...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s exited with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// await waits until a file holds a text, at most 20 s. If it does not, the others are shown: they may say why.
//
//	await FILE TEXT [FILE...]
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: await FILE TEXT [FILE...]")
	}
	deadline := time.After(20 * time.Second)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && strings.Contains(string(text), args[1]) {
			return
		}
		select {
		case <-look.C:
		case <-deadline:
			for _, name := range args[2:] {
				ts.Logf("%s:\n%s", name, ts.ReadFile(name))
			}
			ts.Fatalf("%s does not hold %q after 20 s", args[0], args[1])
		}
	}
}

// freeport sets variables to ports of the loopback address that nobody
// listens on.
//
//	freeport PORT
func freeport(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: freeport VARIABLE...")
	}
	for _, name := range args {
		port, err := testport.Free()
		ts.Check(err)
		ts.Setenv(name, strconv.Itoa(port))
	}
}

// widths fails when a line of a file is wider than so many characters.
//
//	widths 100 stdout
func widths(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: widths CHARACTERS FILE")
	}
	limit, err := strconv.Atoi(args[0])
	ts.Check(err)
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > limit {
			ts.Fatalf("a line has %d characters, more than %d: %s", n, limit, line)
		}
	}
}

// record writes a result or a journal as a run of a profile would have left
// it. Each line of FILE gives an endpoint its requests: successes lognormal
// around a median, failures with a status. Runs of another hour are others.
//
//	record thresholds.yaml PROFILE result.json FILE [end=cut] [seconds=40] [hour=13] [journal] [smoke]
//
//	GET /a | rate=20 median=30ms sd=0.3 | fail=2% status=500
func record(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: record THRESHOLDS PROFILE OUT FILE [option...]")
	}
	s, err := thresholds.Decode([]byte(ts.ReadFile(args[0])), args[0], thresholds.Options{})
	ts.Check(err)
	p, err := plan.New(s, plan.Options{Profile: args[1], Seed: 1, Smoke: slices.Contains(args[4:], "smoke")})
	ts.Check(err)
	o := options{"end": "complete", "seconds": strconv.Itoa(int(p.Duration / time.Second)),
		"shard": "1/1", "hour": "12"}
	o.read(ts, strings.Join(args[4:], " "))
	hour := o.number(ts, "hour")
	r := p.Result("loadgate test", time.Date(2026, 11, 22, hour, 0, 0, 0, time.UTC))
	_, err = fmt.Sscanf(o["shard"], "%d/%d", &r.Shards[0].K, &r.Shards[0].N)
	ts.Check(err)

	out, err := os.Create(ts.MkAbs(args[2]))
	ts.Check(err)
	defer out.Close()
	journal := result.NewJournal(out, r)
	recorder := measure.NewRecorder(len(r.Endpoints), 1)
	recorder.KeepFirstBytes(p.FirstBytes())
	chance := rand.New(rand.NewPCG(uint64(hour), uint64(r.Shards[0].K)))
	loads := parseLoads(ts, r, ts.ReadFile(args[3]))
	for second := range o.number(ts, "seconds") {
		for _, l := range loads {
			l.second(recorder.Lane(0), chance, second)
		}
		slice := recorder.Cut(second, min(p.Users, p.Active(time.Duration(second)*time.Second)))
		slice.Moment.Generator = &result.Generator{CPUs: 2} // that is well
		ts.Check(r.Append(slice))
		journal.Slice(slice)
	}
	var end result.End
	ts.Check(end.UnmarshalText([]byte(o["end"])))
	ts.Check(r.Finish(end))
	if _, ok := o["journal"]; ok {
		if end != result.Cut {
			ts.Check(journal.End(end))
		}
		return
	}
	ts.Check(out.Truncate(0))
	_, err = out.Seek(0, 0)
	ts.Check(err)
	ts.Check(r.Encode(out))
}

// options are the words of a line: key=value, or a key alone.
type options map[string]string

func (o options) read(ts *testscript.TestScript, text string) {
	for _, word := range strings.Fields(text) {
		key, value, _ := strings.Cut(word, "=")
		o[key] = value
	}
}

func (o options) number(ts *testscript.TestScript, key string) int {
	n, err := strconv.Atoi(o[key])
	ts.Check(err)
	return n
}

// endpointLoad is what one endpoint gets and how it answers.
type endpointLoad struct {
	endpoint   int
	rate       int // requests a second
	median, sd float64
	first      float64 // share of the latency until the first byte
	failed     float64 // share
	failure    measure.Sample
	from       int // second from which every request fails
}

func parseLoads(ts *testscript.TestScript, r *result.Result, text string) []endpointLoad {
	var loads []endpointLoad
	for line := range strings.Lines(text) {
		name, rest, ok := strings.Cut(line, "|")
		if !ok {
			continue
		}
		o := options{"rate": "20", "median": "30ms", "sd": "0.3", "first": "50%",
			"fail": "0%", "status": "500", "kind": "status", "from": "1000000", "detail": ""}
		o.read(ts, strings.ReplaceAll(rest, "|", " "))
		l := endpointLoad{endpoint: -1, rate: o.number(ts, "rate"), from: o.number(ts, "from")}
		for i, e := range r.Endpoints {
			if e.Name == strings.TrimSpace(name) {
				l.endpoint = i
			}
		}
		if l.endpoint < 0 {
			ts.Fatalf("no endpoint %q in the profile", name)
		}
		median, err := time.ParseDuration(o["median"])
		ts.Check(err)
		l.median = float64(median)
		l.sd, err = strconv.ParseFloat(o["sd"], 64)
		ts.Check(err)
		first, err := strconv.ParseFloat(strings.TrimSuffix(o["first"], "%"), 64)
		ts.Check(err)
		l.first = first / 100
		percent, err := strconv.ParseFloat(strings.TrimSuffix(o["fail"], "%"), 64)
		ts.Check(err)
		l.failed = percent / 100
		ts.Check(l.failure.Failure.UnmarshalText([]byte(o["kind"])))
		l.failure.Detail = strings.ReplaceAll(o["detail"], "_", " ")
		if l.failure.Failure == metric.Status || l.failure.Failure == metric.Redirect {
			l.failure.Status = o.number(ts, "status")
		}
		loads = append(loads, l)
	}
	return loads
}

func (l endpointLoad) second(lane *measure.Lane, chance *rand.Rand, second int) {
	for i := range l.rate {
		s := measure.Sample{}
		if chance.Float64() < l.failed || second >= l.from {
			s = l.failure
		}
		s.Endpoint, s.Received = l.endpoint, 500
		s.Ended = time.Duration(second)*time.Second + time.Duration(i)*time.Second/time.Duration(l.rate)
		s.Latency = time.Duration(l.median * math.Exp(l.sd*chance.NormFloat64()))
		s.Phases.FirstByte = time.Duration(l.first * float64(s.Latency))
		lane.Record(s)
	}
}
