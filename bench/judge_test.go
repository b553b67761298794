// Package bench_test measures what docs/benchmarks.md quotes: judging and
// reporting in judge_test.go, the path of a request in path_test.go, reading what
// other tools wrote in import_test.go, the workers of a run in fleet_test.go.
package bench_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/measure"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/verdict"
)

// quarter is the result of 15 minutes over 20 endpoints at 400 requests a
// second, with the file to judge it by.
func quarter(b *testing.B) (*result.Result, *config.Config) {
	b.Helper()
	var text strings.Builder
	text.WriteString(`version: 1
target: {url: http://localhost:8000}
profiles: {p: {users: 400, spawn_rate: 400/s, duration: 15m, warm_up: 0s}}
thresholds:
  all: {endpoints: "*", success: 99%, p95: 1s}
  some: {endpoints: "GET /1*", p50: 500ms, p99: 2s}
  rate: {endpoints: "*", throughput: 10/s}
users:
  g:
    wait: 1s
    steps:
`)
	for i := range 20 {
		fmt.Fprintf(&text, "      - GET /%d\n", i)
	}
	s, err := thresholds.Decode([]byte(text.String()), "thresholds.yaml", thresholds.Options{})
	if err != nil {
		b.Fatal(err)
	}
	p, err := plan.New(s, plan.Options{})
	if err != nil {
		b.Fatal(err)
	}
	r := p.Result("bench", time.Unix(0, 0))
	recorder := measure.NewRecorder(20, 1)
	chance := rand.New(rand.NewPCG(1, 2))
	for second := range 900 {
		for i := range 400 {
			took := time.Duration(30e6 * math.Exp(0.3*chance.NormFloat64()))
			recorder.Lane(0).Record(measure.Sample{Endpoint: i % 20,
				Ended: time.Duration(second) * time.Second, Latency: took, Received: 500})
		}
		slice := recorder.Cut(second, 400)
		slice.Moment.Generator = &result.Generator{Wakes: 1}
		if err := r.Append(slice); err != nil {
			b.Fatal(err)
		}
	}
	if err := r.Finish(result.Complete); err != nil {
		b.Fatal(err)
	}
	return r, s
}

func BenchmarkJudge(b *testing.B) {
	r, s := quarter(b)
	b.ReportAllocs()
	for b.Loop() {
		if v := gate.Judge(evidence.Input{Result: r, Config: s}); v.Outcome() != verdict.Pass {
			b.Fatal(v.Outcome())
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	r, _ := quarter(b)
	var doc bytes.Buffer
	if err := r.Encode(&doc); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(doc.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := result.Decode(bytes.NewReader(doc.Bytes()), "bench"); err != nil {
			b.Fatal(err)
		}
	}
}

// Each report of one result.
func BenchmarkReports(b *testing.B) {
	r, s := quarter(b)
	v := gate.Judge(evidence.Input{Result: r, Config: s})
	measured := func(name string, write func(io.Writer, content.View) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := write(io.Discard, content.NewView(r, v, content.Options{All: true})); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for _, f := range report.Formats() {
		measured(f.Name, f.Write)
	}
	for _, f := range report.CSVFiles() {
		measured("csv"+f.Suffix, f.Write)
	}
}
