package importer_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/importer"
	"github.com/loadgate/loadgate/internal/result"
)

// Every format has a second reader: slow, plain, and without a line of the
// importer's. What both say of a file is compared.

// plainRow is what a plain reader says of an endpoint, in milliseconds, or of all
// requests where the file keeps them one by one.
type plainRow struct {
	requests, failed int64               // failed below 0: not told
	times            []float64           // of successes, where the file keeps them
	quantiles        map[float64]float64 // where it keeps figures
	longest          float64             // 0: not told
}

// TestPlainReaders compares both readers over the files of the corpus and those
// made for other tests. LOADGATE_CORPUS names a folder with more.
func TestPlainReaders(t *testing.T) {
	for _, k := range importer.Formats() {
		// The histograms of hlog are compared with their library's.
		if k.Alone() && plainReaders[k.Name] == nil && k.Name != "hlog" {
			t.Errorf("%s has no second reader", k.Name)
		}
	}
	compared := map[string]int{}
	check := func(name, text string) {
		if format := comparePlain(t, name, text); format != "" {
			compared[format]++
		}
	}
	for format, text := range files {
		check("requests of "+format, text)
	}
	for format, text := range made {
		check("made of "+format, text)
	}
	for _, f := range figuredFiles(t) {
		check(f.format+", "+f.name, f.text)
	}
	for _, s := range archive(t, "counts.txtar") {
		check("counted, "+s.name, s.text)
	}
	for format, text := range allFailed(t) {
		check("all failed, "+format, text)
	}
	check("old Locust", oldRequests)
	for _, folder := range []string{corpus, os.Getenv("LOADGATE_CORPUS")} {
		if folder == "" {
			continue
		}
		err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if err == nil {
				check(path, unzipped(t, text))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for format := range plainReaders {
		if compared[format] == 0 {
			t.Errorf("no file of %s was compared", format)
		}
	}
}

func unzipped(t *testing.T, text []byte) string {
	t.Helper()
	if !bytes.HasPrefix(text, []byte("\x1f\x8b")) {
		return string(text)
	}
	r, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// comparePlain reads a file both ways, and returns its format; empty: the importer
// does not read it.
func comparePlain(t *testing.T, name, text string) string {
	t.Helper()
	r, err := importer.Decode(strings.NewReader(text), name, importer.Options{})
	if err != nil || plainReaders[r.Source.Format] == nil {
		return ""
	}
	rows := plainReaders[r.Source.Format](text)
	if r.Source.Format == "" || len(rows) == 0 {
		t.Errorf("%s: the plain reader of %s finds nothing", name, r.Source.Format)
		return ""
	}
	if r.Summarised() {
		compareFigures(t, name, r, rows)
	} else {
		compareRequests(t, name, r, rows[0])
	}
	return r.Source.Format
}

// compareFigures holds each endpoint against a row that says the same.
func compareFigures(t *testing.T, name string, r *result.Result, rows []plainRow) {
	t.Helper()
	var all, failed [2]int64
	for _, e := range r.Endpoints {
		requests, bad := counts(e)
		all[0], failed[0] = all[0]+requests, failed[0]+bad
		same := slices.IndexFunc(rows, func(row plainRow) bool { return sameFigures(e.Summary, row) })
		if e.Name != "other requests" && same < 0 {
			t.Errorf("%s: %s has %d requests, %d failed, %+v; no row says so: %+v",
				name, e.Name, requests, bad, e.Summary.Quantiles, rows)
		}
	}
	for _, row := range rows {
		all[1], failed[1] = all[1]+row.requests, failed[1]+max(row.failed, 0)
	}
	if all[0] != all[1] || failed[0] != failed[1] {
		t.Errorf("%s: %d requests, %d failed; plainly read %d and %d", name, all[0], failed[0], all[1], failed[1])
	}
}

func sameFigures(s *result.Summary, row plainRow) bool {
	if s.Requests != row.requests || row.failed >= 0 && s.Failures() != row.failed ||
		row.failed < 0 && s.Failed != nil {
		return false
	}
	for q, ms := range row.quantiles {
		reading, ok := s.Quantile(q)
		if !ok || ms < float64(reading.Low)/1e6-0.001 || ms > float64(reading.High)/1e6+0.001 {
			return false
		}
	}
	return row.longest == 0 || s.Max != nil && math.Abs(float64(s.Max.Value)/1e6-row.longest) < 0.001
}

// compareRequests holds all requests of a file against those that were plainly
// read: their number to the last, times to the precision of histograms.
func compareRequests(t *testing.T, name string, r *result.Result, row plainRow) {
	t.Helper()
	var good hist.Latency
	var requests, failed int64
	for _, e := range r.Endpoints {
		n, bad := counts(e)
		requests, failed = requests+n, failed+bad
		for _, s := range e.Slots {
			if err := s.Latency.Into(&good); err != nil {
				t.Fatal(err)
			}
		}
	}
	if requests != row.requests || failed != row.failed || good.Count() != int64(len(row.times)) {
		t.Errorf("%s: %d requests, %d failed; plainly read %d and %d", name, requests, failed, row.requests, row.failed)
		return
	}
	slices.Sort(row.times)
	for _, q := range []float64{0.5, 0.95, 0.99, 1} {
		if len(row.times) == 0 {
			break
		}
		want := row.times[int(math.Ceil(q*float64(len(row.times))))-1]
		got, ok := good.Quantile(q)
		if q == 1 {
			got, ok = good.Max()
		}
		if ms := float64(got) / 1e6; !ok || math.Abs(ms-want) > 0.01*want+0.001 {
			t.Errorf("%s: quantile %g is %gms; plainly read %gms", name, q, ms, want)
		}
	}
}

// dig goes down a document by its keys; nil: it has no such thing.
func dig(v any, keys ...string) any {
	for _, key := range keys {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[key]
	}
	return v
}

// number is a number of a document, also where it is text; 0: it is none.
func number(v any) float64 {
	var n float64
	_, _ = fmt.Sscan(strings.ReplaceAll(strings.TrimSpace(fmt.Sprint(v)), ",", ""), &n)
	return n
}

func parsed(text string) any {
	var v any
	_ = json.Unmarshal([]byte(text), &v) // what is none says nothing
	return v
}

// keyed are the figures under keys, in a unit of so many milliseconds.
func keyed(v any, unit float64, keys map[float64]string) map[float64]float64 {
	found := map[float64]float64{}
	for q, key := range keys {
		if value := dig(v, key); value != nil && value != "-" {
			found[q] = number(value) * unit
		}
	}
	return found
}
