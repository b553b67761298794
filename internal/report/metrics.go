package report

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// metricsName is the bytes of a name.
const metricsName = 300

// labelled makes a text the value of a label.
var labelled = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func writeMetrics(w io.Writer, v content.View) error {
	out := bufio.NewWriter(w)
	figures := v.Figures()
	family := func(name, help string, value func(content.Figure) (float64, bool)) {
		out.WriteString("# TYPE " + name + " gauge\n# HELP " + name + " " + help + "\n")
		for _, f := range figures {
			if n, ok := value(f); ok {
				out.WriteString(name + `{endpoint="` + labelled.Replace(typeset.Bounded(f.Name+f.Kind(), metricsName)) +
					`"} ` + strconv.FormatFloat(n, 'g', -1, 64) + "\n")
			}
		}
	}
	for _, c := range []struct {
		name string
		q    float64
	}{{"p50", 0.50}, {"p95", 0.95}, {"p99", 0.99}} {
		family("loadgate_"+c.name+"_seconds", "Latency of successful requests.",
			func(f content.Figure) (float64, bool) {
				d, ok := f.Latency(c.q)
				return d.Round(time.Microsecond).Seconds(), ok
			})
	}
	family("loadgate_failure_ratio", "Failed requests, of all.", func(f content.Figure) (float64, bool) {
		return float64(f.Failures) / float64(max(f.Requests, 1)), f.Requests > 0 && !f.FailuresUnknown
	})
	family("loadgate_requests_per_second", "Requests that ended in a second.", func(f content.Figure) (float64, bool) {
		return f.Rate.Value, f.HasRate
	})
	out.WriteString("# EOF\n")
	return out.Flush()
}
