package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/gate"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/verdict"
)

// allFailed are files of 400 requests that all failed, of every format that
// knows of failures.
func allFailed(t testing.TB) map[string]string {
	t.Helper()
	lines := func(line func(i int) string) string {
		var b strings.Builder
		for i := range 400 {
			b.WriteString(line(i))
		}
		return b.String()
	}
	stamp := func(i int) int64 { return 1795514400000 + 100*int64(i) }
	point := `{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-24T10:00:%02d.1Z","value":10,` +
		`"tags":{"expected_response":"false","method":"GET","name":"a","status":"503"}}}` + "\n"
	attack :=
		`{"code":503,"timestamp":"2026-11-24T10:00:%02d.1Z","latency":10000000,"method":"GET","url":"http://h/a"}` +
			"\n"
	texts := map[string]string{
		"k6-json":     lines(func(i int) string { return fmt.Sprintf(point, i%60) }),
		"vegeta-json": lines(func(i int) string { return fmt.Sprintf(attack, i%60) }),
		"vegeta-gob":  vegetaGobOf(make([]uint16, 400)...),
		"k6-csv": "metric_name,timestamp,metric_value,expected_response,name,status\n" + lines(func(i int) string {
			return fmt.Sprintf("http_req_duration,%d,10,false,a,0\n", stamp(i)/1000)
		}),
		"vegeta-csv": lines(func(i int) string {
			return fmt.Sprintf("%d000000,0,10000000,0,0,refused,,a,%d,GET,http://h/a,\n", stamp(i), i)
		}),
		"jtl": jtlHead + lines(func(i int) string {
			return fmt.Sprintf("%d,10,a,503,no,T 1-1,text,false,,1,1,1,1,null,1,0,0\n", stamp(i))
		}),
		"jtl-xml": `<testResults version="1.2">` + lines(func(i int) string {
			return fmt.Sprintf(`<httpSample t="10" ts="%d" s="false" lb="a" rc="503"/>`+"\n", stamp(i))
		}) + "</testResults>",
		"gatling-log": lines(func(i int) string {
			return fmt.Sprintf("REQUEST\t\ta\t%d\t%d\tKO\tno\n", stamp(i), stamp(i)+10)
		}),
	}
	for _, figures := range archive(t, "failed.txtar") {
		texts[figures.name] = figures.text
	}
	return texts
}

// A summary that could say how many requests failed, and does not, never passes either, though the file lets pass what
// is not decided: all of them may have failed.
func TestUnknownFailuresNeverPass(t *testing.T) {
	const text = `{"metrics":{"http_reqs":{"count":1000},"http_req_duration":{"p(95)":20,"count":1000}}}`
	r := decode(t, text, importer.Options{})
	s, err := thresholds.Decode([]byte("version: 1\nthresholds:\n  every: {endpoints: \"*\", p95: 5s}\n"+
		"judge: {inconclusive: pass}\n"), "t.yaml", thresholds.Options{LimitsOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if v := gate.Judge(evidence.Input{Result: r, Config: s}); v.Outcome() != verdict.Inconclusive {
		t.Errorf("it is a %s", v.Outcome())
	}
}

// A file in which everything failed never passes, whatever its rules ask: also
// where failures are fast, and no rule speaks of them.
func TestAllFailedNeverPasses(t *testing.T) {
	texts := allFailed(t)
	for _, k := range importer.Formats() {
		if !k.Alone() || !k.Failures.Known() {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			text, ok := texts[k.Name]
			if !ok {
				t.Fatal("there is no file of this format in which everything failed")
			}
			r := decode(t, text, importer.Options{})
			if r.Source.Format != k.Name {
				t.Fatalf("it is read as %s", r.Source.Format)
			}
			for _, e := range r.Endpoints {
				if requests, failed := counts(e); failed != requests || requests == 0 {
					t.Errorf("%s: %d failed of %d requests", e.Name, failed, requests)
				}
			}
			for _, limits := range []string{"p95: 5s", "success: 90%", "max: 1m", "throughput: 1/s"} {
				text := "version: 1\nthresholds:\n  every: {endpoints: \"*\", " + limits + "}\n"
				s, err := thresholds.Decode([]byte(text), "t.yaml", thresholds.Options{LimitsOnly: true})
				if err != nil {
					t.Fatal(err)
				}
				v := gate.Judge(evidence.Input{Result: r, Config: s})
				if outcome := v.Outcome(); outcome == verdict.Pass || outcome == verdict.Warn {
					t.Errorf("with %s it is a %s", limits, outcome)
				}
			}
		})
	}
}
