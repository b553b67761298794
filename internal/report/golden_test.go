package report_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares what write writes with testdata/golden/name.
func golden(t *testing.T, name string, view content.View, write func(io.Writer, content.View) error) {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got, view); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	path := filepath.Join("..", "..", "testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	r, v := fixtureResult(), fixtureVerdict()
	if err := r.Check(); err != nil {
		t.Fatalf("the fixture is no result: %v", err)
	}
	files := map[string]string{ // where it is not NAME.txt
		"verdict": "verdict.json", "junit": "junit.xml", "markdown": "summary.md", "html": "page.html",
	}
	view := content.NewView(r, v, content.Options{Confidence: 0.95})
	for _, f := range report.Formats() {
		name, ok := files[f.Name]
		if !ok {
			name = f.Name + ".txt"
		}
		golden(t, name, view, bare(f.Write))
	}
	for _, f := range report.CSVFiles() {
		golden(t, "locust"+f.Suffix, view, f.Write)
	}
	for name, o := range map[string]content.Options{
		"table-all.txt":   {Confidence: 0.95, All: true},
		"table-color.txt": {Confidence: 0.95, Color: true},
		"table-140.txt":   {Confidence: 0.95, Width: 140},
	} {
		golden(t, name, content.NewView(r, v, o), report.Formats()[0].Write)
	}
}

// assets are what every page carries: style, script and their hashes.
var assets = regexp.MustCompile(`(?s)<style>.*?</style>|<script>.*</script>|sha256-.*?&#39;`)

// bare leaves the assets out of a page; what is no page has none.
func bare(write func(io.Writer, content.View) error) func(io.Writer, content.View) error {
	return func(w io.Writer, v content.View) error {
		var b bytes.Buffer
		err := write(&b, v)
		_, failed := w.Write(assets.ReplaceAll(b.Bytes(), []byte("…")))
		return errors.Join(err, failed)
	}
}
