package docs_test

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/cli"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/stat"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// loadgate runs a command in the folder of the pages.
func loadgate(args ...string) (code int, stdout string) {
	var out strings.Builder
	code = cli.Main(context.Background(), cli.Env{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: io.Discard,
		Getenv: func(string) (string, bool) { return "", false }, Now: time.Now, Seed: func() uint64 { return 1 },
	})
	return code, out.String()
}

// Every page is in the list of them, and every anchor is a heading.
func TestPagesAreListed(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	list := page(t, "README.md")
	for _, name := range pages {
		if name != "README.md" && !strings.Contains(list, "]("+name+")") {
			t.Errorf("README.md does not list %s", name)
		}
	}
	for _, name := range append(pages, filepath.Join("..", "README.md")) {
		for _, m := range regexp.MustCompile(`\]\(([^)#:]*)#([^)]*)\)`).FindAllStringSubmatch(page(t, name), -1) {
			to := filepath.Join(filepath.Dir(name), m[1])
			if m[1] == "" {
				to = name
			}
			if !slices.Contains(anchors(page(t, to)), m[2]) {
				t.Errorf("%s: %s has no heading #%s", name, to, m[2])
			}
		}
	}
}

// anchors are the headings of a page as links name them.
func anchors(text string) []string {
	var found []string
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		plain := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		found = append(found, strings.ReplaceAll(plain, " ", "-"))
	}
	return found
}

// first is the first column of the tables of a page whose head has a name
// first.
func first(text, head string) []string {
	var found []string
	inside := false
	for line := range strings.Lines(text) {
		cell, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " |")
		switch {
		case !strings.HasPrefix(line, "|") || !ok:
			inside = false
		case cell == head:
			inside = true
		case inside && cell != "---":
			found = append(found, cell)
		}
	}
	return found
}

// reports.md has every format, and no other that is written with -o.
func TestReports(t *testing.T) {
	text := page(t, "reports.md")
	described := first(text, "report")
	for _, f := range report.Formats() {
		if !slices.Contains(described, f.Name) || !strings.Contains(text, "-o "+f.Name+"=") {
			t.Errorf("reports.md does not say how %s is written", f.Name)
		}
	}
	for _, m := range regexp.MustCompile(`-o (\w+)=`).FindAllStringSubmatch(text, -1) {
		if !slices.ContainsFunc(report.Formats(), func(f report.Format) bool { return f.Name == m[1] }) {
			t.Errorf("reports.md writes -o %s=, which is no format", m[1])
		}
	}
	golden := page(t, filepath.Join("..", "testdata", "golden", "table-3-endpoints-80.txt"))
	for _, line := range regexp.MustCompile(`(?m)^    (.*(?:RULE|FAIL|✗).*)$`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(golden, line[1]+"\n") {
			t.Errorf("no table has the line %q", line[1])
		}
	}
}

// Commands end with the codes of exit-codes.md, and it speaks of each command.
func TestExitCodes(t *testing.T) {
	for _, test := range []struct {
		args string
		code int
	}{
		{"plan example.yaml", 0}, {"plan example.yaml -t 20s", 3}, {"plan nowhere.yaml", 2},
		{"validate example.yaml", 0}, {"report nowhere.json", 2}, {"history list --history nowhere", 0},
	} {
		if code, _ := loadgate(strings.Fields(test.args)...); code != test.code {
			t.Errorf("loadgate %s ends with %d, want %d", test.args, code, test.code)
		}
	}
	_, help := loadgate("--help")
	commands := strings.Join(first(page(t, "exit-codes.md"), "command"), " ")
	for _, m := range regexp.MustCompile(`(?m)^  (\w+) +[A-Z]`).FindAllStringSubmatch(help, -1) {
		if !strings.Contains(commands, "`"+m[1]+"`") &&
			!slices.Contains([]string{"completion", "help", "schema", "version"}, m[1]) {
			t.Errorf("exit-codes.md does not say how loadgate %s ends", m[1])
		}
	}
}

// The files of thresholds.md that are marked are valid.
func TestMarkedFilesAreValid(t *testing.T) {
	marked := regexp.MustCompile("(?s)<!-- validated -->\n```yaml\n(.*?)```")
	blocks := marked.FindAllStringSubmatch(page(t, "thresholds.md"), -1)
	if len(blocks) == 0 {
		t.Fatal("no file")
	}
	for i, b := range blocks {
		s, err := thresholds.Decode([]byte(b[1]), "thresholds.yaml",
			thresholds.Options{Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Errorf("file %d: %v", i+1, err)
		} else if len(s.Warnings) > 0 {
			t.Errorf("file %d: warnings: %v", i+1, s.Warnings)
		}
	}
}

// The files of the first pages are valid, and a flag that is the same as Locust's
// is a flag.
func TestFirstFiles(t *testing.T) {
	marked := regexp.MustCompile("(?s)<!-- validated -->\n```yaml\n(.*?)```")
	for name, files := range map[string]int{"getting-started.md": 2, "from-locust.md": 1} {
		blocks := marked.FindAllStringSubmatch(page(t, name), -1)
		if len(blocks) != files {
			t.Errorf("%s: %d files, want %d", name, len(blocks), files)
		}
		for i, b := range blocks {
			o := thresholds.Options{Getenv: func(string) (string, bool) { return "x", true }, Files: os.DirFS(".")}
			if _, err := thresholds.Decode([]byte(b[1]), "thresholds.yaml", o); err != nil {
				t.Errorf("%s: file %d: %v", name, i+1, err)
			}
		}
	}
	_, help := loadgate("run", "--help")
	same := find(t, page(t, "from-locust.md"), `(?m)^\| (.*) \| the same \|$`)
	for _, m := range regexp.MustCompile("`(--?[a-z][a-z-]*)`").FindAllStringSubmatch(same, -1) {
		if !regexp.MustCompile(`(?m)^ .*` + m[1] + `[ ,]`).MatchString(help) {
			t.Errorf("from-locust.md says that %s is the same; loadgate run has no such flag", m[1])
		}
	}
}

// The numbers of intervals.md are those of the formulas.
func TestIntervals(t *testing.T) {
	text := page(t, "intervals.md")
	for _, test := range []struct {
		words string
		is    int64
	}{
		{`holds, (\d+) requests that do not depend`, stat.FewestForQuantile(0.95, 0.05)},
		{`A p99 needs (\d+)`, stat.FewestForQuantile(0.99, 0.05)},
		{`history of (\d+) runs or more`, stat.MinSeries},
		{`measures less than (\d+) s after the warm-up`, int64(stat.MinBatches) * 5},
	} {
		if got := find(t, text, test.words); got != strconv.FormatInt(test.is, 10) {
			t.Errorf("%s: %s, want %d", test.words, got, test.is)
		}
	}
}

// What troubleshooting.md quotes is what the program says.
func TestTroubleshootingQuotes(t *testing.T) {
	var source strings.Builder
	err := filepath.WalkDir("../internal", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		source.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	quotes := regexp.MustCompile("(?m)^\\| `([^`]+)`(?:, `([^`]+)`)?(?:, `([^`]+)`)?").FindAllStringSubmatch(
		page(t, "troubleshooting.md"), -1)
	if len(quotes) < 15 {
		t.Fatalf("found %d quotes", len(quotes))
	}
	for _, q := range quotes {
		for _, quote := range q[1:] {
			for part := range strings.SplitSeq(quote, "…") {
				if part = strings.TrimSpace(part); part != "" && !strings.Contains(source.String(), part) {
					t.Errorf("troubleshooting.md quotes %q, which the program does not say", part)
				}
			}
		}
	}
}

// other-tools.md has every format with what it keeps and where failures are,
// and no other.
func TestFormats(t *testing.T) {
	keeps := map[collect.Keeps]string{collect.Requests: "requests",
		collect.Buckets: "buckets", collect.Percentiles: "percentiles"}
	failures := map[result.Failures]string{result.Apart: "apart",
		result.Mixed: "mixed", result.Untold: "untold", result.Omitted: "omitted"}
	described := map[string][]string{}
	row := regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\| (.*) \\| (\\w+)(?:,[^|]*)? \\| (\\w+) \\|$")
	for _, m := range row.FindAllStringSubmatch(page(t, "other-tools.md"), -1) {
		described[m[1]] = m[2:]
	}
	for _, k := range importer.Formats() {
		if !k.Alone() {
			continue
		}
		d, ok := described[k.Name]
		delete(described, k.Name)
		if !ok || !strings.HasPrefix(d[0], k.Tool) || d[1] != keeps[k.Keeps] || d[2] != failures[k.Failures] {
			t.Errorf("other-tools.md says of %s %q; it is %s's, keeps %s, and its failures are %s",
				k.Name, d, k.Tool, keeps[k.Keeps], failures[k.Failures])
		}
	}
	for name := range described {
		t.Errorf("other-tools.md has a format %s, which nothing reads", name)
	}
}

// The limits of from-locust.md and from-k6.md are files that judge, and the file
// that a script of k6 becomes can be planned.
func TestFromOthers(t *testing.T) {
	for _, name := range []string{"from-locust.md", "from-k6.md"} {
		src := find(t, page(t, name), "(?s)<!-- limits -->\n```yaml\n(.*?)```")
		_, err := thresholds.Decode([]byte(src), "thresholds.yaml", thresholds.Options{LimitsOnly: true})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	src := find(t, page(t, "from-k6.md"), "(?s)<!-- validated -->\n```yaml\n(.*?)```")
	file := filepath.Join(t.TempDir(), "thresholds.yaml")
	if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := loadgate("validate", file); code != 0 {
		t.Errorf("from-k6.md: validate ends with %d: %s", code, out)
	}
	if code, out := loadgate("plan", file); code != 0 {
		t.Errorf("from-k6.md: plan ends with %d: %s", code, out)
	}
}

// What capacity.md shows of replicas is what a story gets from the command.
func TestReplicasExample(t *testing.T) {
	story := page(t, filepath.Join("..", "testdata", "script", "capacity_replicas.txtar"))
	_, want, _ := strings.Cut(story, "-- want.txt --\n")
	want, _, ok := strings.Cut(want, "\nPASS")
	if text := page(t, "capacity.md"); !ok || !strings.Contains(text, "\n"+want) ||
		!strings.Contains(text, "--peak 900/s --scale-up 90s --growth 40%/min\n") {
		t.Errorf("capacity.md does not show\n%s", want)
	}
}
