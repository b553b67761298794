package ui

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/notify"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/webpage"
)

// reportFile is the page of a run, in its folder.
const reportFile = "report.html"

// shownFiles are those of a run's folder that the page links to, with their types.
var shownFiles = map[string]string{
	reportFile:        "text/html; charset=utf-8",
	output.ResultFile: "application/json", output.VerdictFile: "application/json",
	output.JournalFile: "application/x-ndjson", output.LogFile: "text/plain; charset=utf-8",
}

// numbered is the name of a run's folder.
var numbered = regexp.MustCompile(`^[0-9]{3,9}$`)

// folder is where the runs are, each in a folder of its own, whose name is its number.
type folder string

// numbers are the runs in the folder, the oldest first.
func (f folder) numbers() []string {
	entries, err := os.ReadDir(string(f))
	if err != nil {
		return nil // there is none yet
	}
	var all []string
	for _, e := range entries {
		if e.IsDir() && numbered.MatchString(e.Name()) {
			all = append(all, e.Name())
		}
	}
	slices.SortFunc(all, func(a, b string) int { return number(a) - number(b) })
	return all
}

func number(name string) int {
	n, _ := strconv.Atoi(name) // a name of digits alone, of nine at most
	return n
}

// next makes the folder of the next run.
func (f folder) next() (path, name string, err error) {
	next := 1
	if all := f.numbers(); len(all) > 0 {
		next = number(all[len(all)-1]) + 1
	}
	if err := os.MkdirAll(string(f), 0o755); err != nil {
		return "", "", fmt.Errorf("make %s: %w", string(f), failure.WithoutPath(err))
	}
	for ; ; next++ {
		name = fmt.Sprintf("%03d", next)
		path = filepath.Join(string(f), name)
		if err = os.Mkdir(path, 0o755); !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	if err != nil {
		return "", "", fmt.Errorf("make %s: %w", path, failure.WithoutPath(err))
	}
	return path, name, nil
}

// lastTwo are the results of the two newest runs.
func (f folder) lastTwo() (before, last string, err error) {
	var results []string
	for _, name := range f.numbers() {
		file := filepath.Join(string(f), name, output.ResultFile)
		if _, err := os.Stat(file); err == nil {
			results = append(results, file)
		}
	}
	if len(results) < 2 {
		return "", "", errors.New("there are no two runs to compare yet")
	}
	return results[len(results)-2], results[len(results)-1], nil
}

// mostRuns are listed, the newest.
const mostRuns = 50

// section is the section of the runs so far.
func (f folder) section() htmlpage.Section {
	table := &htmlpage.Table{Columns: []htmlpage.Column{{Name: "Run"}, {Name: "Outcome"}, {Name: "Profile"},
		{Name: "Summary"}, {Name: "Files"}}}
	all := f.numbers()
	for _, name := range slices.Backward(all[max(0, len(all)-mostRuns):]) {
		if row, ok := f.row(name); ok {
			table.Rows = append(table.Rows, row)
		}
	}
	if table.Rows == nil {
		return htmlpage.Section{ID: "runs", Title: "Runs"}
	}
	return htmlpage.Section{ID: "runs", Title: "Runs", Lead: "The newest first, in " + string(f) + ".",
		Parts: []htmlpage.Part{{Table: table}}}
}

// row is a run with a verdict.
func (f folder) row(name string) (htmlpage.Row, bool) {
	file, err := regular.Open(filepath.Join(string(f), name, output.VerdictFile))
	if err != nil {
		return htmlpage.Row{}, false
	}
	defer file.Close()
	v, err := notify.DecodeVerdict(file, file.Name())
	if err != nil {
		return htmlpage.Row{}, false
	}
	files := htmlpage.Cell{}
	for _, file := range []string{reportFile, output.ResultFile, output.VerdictFile} {
		files.Links = append(files.Links, htmlpage.Link{Text: file, Href: htmlpage.Beside("runs/" + name + "/" + file)})
	}
	tone := webpage.ToneOf(content.KeptOutcome(v.Outcome))
	return htmlpage.Row{Cells: []htmlpage.Cell{htmlpage.Text(name),
		{Text: strings.ToUpper(v.Outcome), Badge: tone}, htmlpage.Text(v.Profile),
		htmlpage.Text(typeset.Bounded(v.Summary, mostSummary)), files}}, true
}

// mostSummary bounds the sentence of a verdict, in bytes.
const mostSummary = 160

// pages are the files of runs, for the server of the page.
func (f folder) pages() map[string]http.Handler {
	return map[string]http.Handler{"GET /runs/{number}/{file}": http.HandlerFunc(f.serve)}
}

func (f folder) serve(w http.ResponseWriter, r *http.Request) {
	name, asked := r.PathValue("number"), r.PathValue("file")
	kind, ok := shownFiles[asked]
	if !ok || !numbered.MatchString(name) {
		http.NotFound(w, r)
		return
	}
	file, err := regular.Open(filepath.Join(string(f), name, asked))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	w.Header().Set("Content-Type", kind)
	if asked == reportFile {
		w.Header().Set("Content-Security-Policy", htmlpage.HeaderPolicy)
	}
	http.ServeContent(w, r, "", time.Time{}, file)
}
