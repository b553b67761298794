package content

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/unit"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Excepted is one exception, in words.
type Excepted struct {
	Rule     string
	Names    []string
	Reason   string
	Until    string // the first day on which it counts no longer; "": no end
	Measured string // of a single endpoint: what was measured
}

// ExceptedOf words the exceptions of a verdict.
func ExceptedOf(all []verdict.Excepted, figures []Figure) []Excepted {
	var list []Excepted
	for _, x := range all {
		e := Excepted{Rule: x.Rule, Names: x.Endpoints, Reason: x.Reason, Until: x.Until}
		for _, f := range figures {
			if len(x.Endpoints) == 1 && f.Name == x.Endpoints[0] {
				e.Measured = measuredText(f)
			}
		}
		list = append(list, e)
	}
	return list
}

// measuredText is what was measured of an endpoint, in a few words.
func measuredText(f Figure) string {
	text := fmt.Sprintf("%s sent, %s failed", unit.Grouped(f.Requests), f.Failed())
	if p95, ok := f.Latency(0.95); ok {
		text += ", p95 " + unit.Of(p95).String()
	}
	return text
}

// NameList are those of the endpoints, the first of many.
func (x Excepted) NameList() string {
	const most = 3
	if more := len(x.Names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(x.Names[:most], ", "), more)
	}
	return strings.Join(x.Names, ", ")
}

// Why is the reason, with the day on which it ends.
func (x Excepted) Why() string {
	if x.Until == "" {
		return x.Reason
	}
	return fmt.Sprintf("%s (until %s)", x.Reason, x.Until)
}

// From is what it is left out of.
func (x Excepted) From() string {
	if x.Rule == verdict.BaselineRule {
		return "not compared with earlier runs"
	}
	return fmt.Sprintf("not judged by rule %q", x.Rule)
}
