// Package docs_test holds the pages to the code that they describe.
package docs_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
)

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The floors and rooms of house.md are those that house_test.go enforces.
func TestHouse(t *testing.T) {
	enforced := map[string]string{}
	source := page(t, filepath.Join("..", "internal", "house_test.go"))
	_, table, _ := strings.Cut(source, "var floors = [][]string{")
	table, _, _ = strings.Cut(table, "\n}")
	for floor, line := range strings.Split(strings.TrimSpace(table), "\n\t{") {
		for _, m := range regexp.MustCompile(`"([\w/*]+)"`).FindAllStringSubmatch(line, -1) {
			enforced[m[1]] = strconv.Itoa(floor)
		}
	}
	described := map[string]string{}
	rooms := map[string]string{}
	for line := range strings.Lines(page(t, "house.md")) {
		if m := regexp.MustCompile("^\\| (\\d+) \\| ((?:`[\\w/*]+` ?)+)\\|").FindStringSubmatch(line); m != nil {
			for _, name := range strings.Fields(m[2]) {
				described[strings.Trim(name, "`")] = m[1]
			}
		}
		if m := regexp.MustCompile("^\\| `([\\w/*]+)` \\| .* \\| .* \\|").FindStringSubmatch(line); m != nil &&
			enforced[m[1]] != "" {
			rooms[m[1]] = enforced[m[1]]
		}
	}
	if len(enforced) < 10 {
		t.Fatalf("found %d floors in house_test.go", len(enforced))
	}
	if diff := cmp.Diff(enforced, described); diff != "" {
		t.Errorf("floors (-house_test.go +house.md):\n%s", diff)
	}
	if diff := cmp.Diff(enforced, rooms); diff != "" {
		t.Errorf("rooms (-house_test.go +house.md):\n%s", diff)
	}
}

// The histogram that result.md takes apart is what the code writes.
func TestHistogramExample(t *testing.T) {
	text := page(t, "result.md")
	var l hist.Latency
	for _, word := range strings.Fields(find(t, text, `(?m)^durations +(.*)$`)) {
		d, err := time.ParseDuration(word)
		if err != nil {
			t.Fatal(err)
		}
		l.Record(d)
	}
	if want, got := base64.RawStdEncoding.EncodeToString(l.Sparse()), find(t, text, `(?m)^base64 +(.*)$`); got != want {
		t.Errorf("base64 = %s, want %s", got, want)
	}
	var all []byte
	for _, row := range regexp.MustCompile(
		"(?m)^\\| `([0-9a-f ]+)` \\| ([0-9,]+) \\|").FindAllStringSubmatch(text, -1) {
		b, err := hex.DecodeString(strings.ReplaceAll(row[1], " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		number, n := binary.Uvarint(b)
		if want := strings.ReplaceAll(row[2], ",", ""); n != len(b) || fmt.Sprint(number) != want {
			t.Errorf("%s is %d in %d bytes, want %s in %d", row[1], number, n, want, len(b))
		}
		all = append(all, b...)
	}
	if !bytes.Equal(all, l.Sparse()) {
		t.Errorf("bytes of the table = %x, want %x", all, l.Sparse())
	}
}

func find(t *testing.T, text, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("nothing fits %s", pattern)
	}
	return m[1]
}

// result.md names every key of the three documents.
func TestKeys(t *testing.T) {
	keys := map[string]bool{}
	fieldsOf(reflect.TypeFor[result.Result](), keys)
	fieldsOf(reflect.TypeFor[result.Slice](), keys)
	var journal bytes.Buffer
	j := result.NewJournal(&journal, &result.Result{})
	j.Slice(&result.Slice{})
	j.Planned(time.Second)
	if err := j.End(result.Complete); err != nil {
		t.Fatal(err)
	}
	lines := json.NewDecoder(&journal)
	for lines.More() {
		var line any
		if err := lines.Decode(&line); err != nil {
			t.Fatal(err)
		}
		keysOf(line, keys)
	}
	var verdict any
	if err := json.Unmarshal([]byte(page(t, filepath.Join("..", "testdata", "golden", "verdict.json"))),
		&verdict); err != nil {
		t.Fatal(err)
	}
	keysOf(verdict, keys)
	var compared any
	if err := json.Unmarshal([]byte(page(t, filepath.Join("..", "testdata", "golden", "compared-baseline.json"))),
		&compared); err != nil {
		t.Fatal(err)
	}
	keysOf(compared, keys)
	if len(keys) < 60 {
		t.Fatalf("found %d keys", len(keys))
	}
	text := page(t, "result.md")
	for key := range keys {
		if !strings.Contains(text, "`"+key+"`") && !strings.Contains(text, `"`+key+`":`) {
			t.Errorf("result.md does not name %s", key)
		}
	}
}

// history.md names every key of a kept run, a mark and a chart's data, and every
// command.
func TestHistoryKeys(t *testing.T) {
	keys := map[string]bool{"schema": true, "run": true, "result_bytes": true,
		"result": true, "loadgate.history/1": true, "loadgate.mark/1": true}
	for _, part := range []reflect.Type{reflect.TypeFor[baseline.Run](),
		reflect.TypeFor[baseline.Figure](), reflect.TypeFor[baseline.Mark]()} {
		for _, f := range reflect.VisibleFields(part) {
			if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key != "-" {
				keys[key] = true
			}
		}
	}
	var chart any
	if err := json.Unmarshal([]byte(page(t, filepath.Join("..", "testdata", "golden", "history-chart.json"))),
		&chart); err != nil {
		t.Fatal(err)
	}
	keysOf(chart, keys)
	if len(keys) < 35 {
		t.Fatalf("found %d keys", len(keys))
	}
	text := page(t, "history.md")
	for key := range keys {
		if !strings.Contains(text, "`"+key+"`") {
			t.Errorf("history.md does not name %s", key)
		}
	}
	for _, command := range []string{"history list", "history show",
		"history chart", "history prune", "baseline accept", "baseline reject"} {
		if !strings.Contains(text, "loadgate "+command+" ") {
			t.Errorf("history.md does not show loadgate %s", command)
		}
	}
}

// fieldsOf adds the keys of a type and of all types in it.
func fieldsOf(of reflect.Type, keys map[string]bool) { fieldsWithin(of, keys, map[reflect.Type]bool{}) }

// fieldsWithin is fieldsOf inside other types: one that has itself as a part is looked at once.
func fieldsWithin(of reflect.Type, keys map[string]bool, within map[reflect.Type]bool) {
	if within[of] {
		return
	}
	within[of] = true
	defer delete(within, of)
	switch of.Kind() {
	case reflect.Slice:
		fieldsWithin(of.Elem(), keys, within)
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(of) {
			if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key != "" {
				keys[key] = true
				fieldsWithin(f.Type, keys, within)
			}
		}
	}
}

// keysOf adds the keys of a document.
func keysOf(document any, keys map[string]bool) {
	switch d := document.(type) {
	case map[string]any:
		for key, value := range d {
			keys[key] = true
			if key != "args" { // whose keys are those of the codes
				keysOf(value, keys)
			}
		}
	case []any:
		for _, value := range d {
			keysOf(value, keys)
		}
	}
}

// Links between the pages lead to a file, and to a heading where they name one. No decision is forgotten in its list.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]*)(?:#([^)]*))?\)`)
	pages := []string{filepath.Join("..", "README.md")}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	listed, links := []string{}, 0
	for _, path := range pages {
		for _, m := range link.FindAllStringSubmatch(page(t, path), -1) {
			links++
			to := path
			if m[1] != "" {
				to = filepath.Join(filepath.Dir(path), m[1])
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s: %v", path, err)
			} else if m[2] != "" && !slices.Contains(headings(page(t, to)), m[2]) {
				t.Errorf("%s: %s has no heading #%s", path, to, m[2])
			}
			if path == filepath.Join("adr", "README.md") {
				listed = append(listed, m[1])
			}
		}
	}
	if links < 100 {
		t.Fatalf("found %d links", links)
	}
	var there []string
	decisions, err := filepath.Glob("adr/[0-9]*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range decisions {
		there = append(there, filepath.Base(p))
	}
	slices.Sort(listed)
	if diff := cmp.Diff(there, listed); diff != "" {
		t.Errorf("decisions (-adr/ +adr/README.md):\n%s", diff)
	}
}

// headings are the anchors that GitHub gives the headings of a page.
func headings(text string) (anchors []string) {
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		anchors = append(anchors, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, m[1]))
	}
	return anchors
}
