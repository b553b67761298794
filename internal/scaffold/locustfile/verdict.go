package locustfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// verdicts are what a script says of an answer.
type verdicts struct {
	depth    int     // of conditions when the request was sent
	failures []value // on which tests it fails
	passes   []value // and passes
	unread   []int   // lines of verdicts on conditions that are not read
}

// byStatus is a test of the status alone, and good one of a status that is no failure by itself.
var (
	byStatus = regexp.MustCompile(`^status (==|!=|<|<=|in) [^&|]*$|^\(?status == \d+( \|\| status == \d+)*\)?$`)
	good     = regexp.MustCompile(`^status (== 2\d\d|in \[(2\d\d(, )?)+\]|< [34]00)$`)
)

// expect is the test that an answer has to pass; empty: that of loadgate.
func (v *verdicts) expect(st *draft.Step) string {
	for _, line := range v.unread {
		st.Look(fmt.Sprintf("line %d: what decides here whether it failed is not read: write expect", line))
	}
	var tests []string
	own := false // a test says which statuses are good
	for _, f := range v.failures {
		if f.kind == boolean {
			st.Look("it fails whatever is answered")
			continue
		}
		if !slices.Contains(tests, f.negation) {
			tests = append(tests, f.negation)
		}
		own = own || byStatus.MatchString(f.negation) && !strings.Contains(f.negation, "!=")
	}
	base := "status < 300"
	for _, p := range v.passes {
		if p.kind == answered && byStatus.MatchString(p.text) && !good.MatchString(p.text) && !own {
			base += " || " + p.text
		}
	}
	switch {
	case len(tests) == 0 && base == "status < 300":
		return ""
	case len(tests) == 0:
		return base
	case !own:
		tests = append([]string{base}, tests...)
	}
	return all(tests)
}
