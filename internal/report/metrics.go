package report

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"
)

// OpenMetrics text is what GitLab shows of a merge request beside the figures
// of its target branch, and what a Prometheus takes from a file. Figures are of
// the measured time, in base units: seconds and shares. What was not measured
// has no line.

// metricsName is the bytes of a name.
const metricsName = 300

// labelled makes a text the value of a label.
var labelled = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func writeMetrics(w io.Writer, v View) error {
	out := bufio.NewWriter(w)
	figures := v.figures()
	family := func(name, help string, value func(Figure) (float64, bool)) {
		out.WriteString("# TYPE " + name + " gauge\n# HELP " + name + " " + help + "\n")
		for _, f := range figures {
			if n, ok := value(f); ok {
				out.WriteString(name + `{endpoint="` + labelled.Replace(bounded(f.Name+f.kind(), metricsName)) +
					`"} ` + strconv.FormatFloat(n, 'g', -1, 64) + "\n")
			}
		}
	}
	for _, c := range charted {
		family("loadgate_"+c.name+"_seconds", "Latency of successful requests.", func(f Figure) (float64, bool) {
			d, ok := f.Latency(c.q)
			return d.Round(time.Microsecond).Seconds(), ok
		})
	}
	family("loadgate_failure_ratio", "Failed requests, of all.", func(f Figure) (float64, bool) {
		return float64(f.Failures) / float64(max(f.Requests, 1)), f.Requests > 0 && !f.Untold
	})
	family("loadgate_requests_per_second", "Requests that ended in a second.", func(f Figure) (float64, bool) {
		return f.Rate.Value, f.HasRate
	})
	out.WriteString("# EOF\n")
	return out.Flush()
}
