package thresholds_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config/grammar"
)

const page = "../../docs/thresholds.md"

// marked is a table of docs/thresholds.md that this test compares with the
// grammar, and writes with -update.
var (
	marked = regexp.MustCompile(`(?s)<!-- keys: ([a-z ]+) -->\n(.*?)<!-- end -->`)
	probed = regexp.MustCompile(`(?s)<!-- gauges -->\n(.*?)<!-- end -->`)
)

// The documentation names every key of the grammar with its type, unit,
// default and example.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	tables := grammar.Tables()
	var documented []string
	want := marked.ReplaceAllStringFunc(string(text), func(old string) string {
		name := marked.FindStringSubmatch(old)[1]
		table, ok := tables[name]
		if !ok {
			t.Errorf("docs/thresholds.md has a table of %q, which the grammar has not", name)
			return old
		}
		documented = append(documented, name)
		if strings.Contains(table, "|  |") || strings.Contains(table, "``") {
			t.Errorf("a key of %q has no default, meaning, example or type:\n%s", name, table)
		}
		return "<!-- keys: " + name + " -->\n" + table + "<!-- end -->"
	})
	want = probed.ReplaceAllLiteralString(want, "<!-- gauges -->\n"+grammar.GaugeTable()+"<!-- end -->")
	for name := range tables {
		same := strings.HasSuffix(name, " limits") // one stands for ratio and rate too
		if !same && !slices.Contains(documented, name) {
			t.Errorf("docs/thresholds.md has no table of %q", name)
		}
	}
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("docs/thresholds.md differs from the grammar; go test ./internal/config -update writes it (-want "+
			"+got):\n%s", diff)
	}
}
