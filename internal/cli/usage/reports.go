package usage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/loanword"
	"github.com/loadgate/loadgate/internal/report"
)

// ParseReport reads the value of --output, FORMAT=FILE.
func ParseReport(text string) (format report.Format, file string, err error) {
	name, file, ok := strings.Cut(text, "=")
	at := slices.Index(ReportNames(), name)
	switch {
	case name == "" || !ok && at < 0:
		return format, "", fmt.Errorf("--output %s: write FORMAT=FILE, such as html=report.html, and %s",
			Quote(text), knownFormat(name))
	case at < 0:
		return format, "", fmt.Errorf("--output %s: %s is unknown; write FORMAT=FILE, and %s",
			Quote(text), Quote(name), knownFormat(name))
	case file == "":
		return format, "", fmt.Errorf("--output %s: the file is missing; write -o %s=FILE", Quote(text), name)
	}
	return report.Formats()[at], file, checkNoFolder("--output "+Quote(text), file)
}

// ReportNames are the names of all reports.
func ReportNames() []string {
	var names []string
	for _, format := range report.Formats() {
		names = append(names, format.Name)
	}
	return names
}

// knownFormat is the remedy for a format that is not known, or that is missing:
// all that there are, the nearest first.
func knownFormat(name string) string {
	all := ReportNames()
	if near, ok := expr.Nearest(name, all); ok {
		all = append([]string{near}, slices.DeleteFunc(all, func(n string) bool { return n == near })...)
	}
	text := "the formats are " + strings.Join(all, ", ")
	if word, ok := loanword.Find(loanword.Format, name); ok {
		text += "; " + word.Remedy()
	}
	return text
}
