package web

import (
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/live"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
)

// downloads are what the page offers: the result, and every report of what was last judged.
var downloads = []struct{ name, kind, format string }{
	{"report.html", "text/html; charset=utf-8", "html"},
	{"result.json", "application/json", ""},
	{"verdict.json", "application/json", "verdict"},
	{"junit.xml", "application/xml", "junit"},
	{"summary.md", "text/markdown; charset=utf-8", "markdown"},
	{"table.txt", "text/plain; charset=utf-8", "table"},
}

// Files are the downloads of a show.
func (s *Show) Files() []live.File {
	var files []live.File
	for _, d := range downloads {
		write := func(w io.Writer, v content.View) error { return v.Run.Encode(w) }
		for _, f := range report.Formats() {
			if f.Name == d.format {
				write = f.Write
			}
		}
		files = append(files, s.file(d.name, d.kind, write))
	}
	for _, f := range report.CSVFiles() {
		files = append(files, s.file("loadgate"+f.Suffix, "text/csv; charset=utf-8", f.Write))
	}
	return files
}

func (s *Show) file(name, kind string, write func(io.Writer, content.View) error) live.File {
	return live.File{Name: name, Type: kind, Write: func(w io.Writer) error {
		s.mu.Lock()
		v, seen := s.last, s.seen
		s.mu.Unlock()
		if !seen {
			return live.ErrNone
		}
		return write(w, v)
	}}
}

// downloads is the section that links to the files.
func (s *Show) downloads() htmlpage.Section {
	var links []htmlpage.Link
	for _, f := range s.Files() {
		links = append(links,
			htmlpage.Link{Text: strings.TrimPrefix(f.Name, "loadgate_"), Href: htmlpage.Beside(f.Name)})
	}
	return htmlpage.Section{ID: "files", Title: "Download",
		Lead:  "Of the run as it was last judged, or of its verdict.",
		Parts: []htmlpage.Part{{Links: links}}}
}
