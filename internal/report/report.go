// Package report turns a result and its verdict into what people and machines
// read. It knows wording, scaling and the rules of each medium; it decides
// nothing, opens nothing and reads no clock. Every text that came from the
// target or from a file is untrusted: typeset is the one place that makes it
// safe for a medium.
package report

import (
	"io"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/report/junit"
	"github.com/loadgate/loadgate/internal/report/locust"
	"github.com/loadgate/loadgate/internal/report/terminal"
	"github.com/loadgate/loadgate/internal/report/verdictjson"
	"github.com/loadgate/loadgate/internal/report/webpage"
)

// Format is one way to write a View. Write returns the writer's error.
type Format struct {
	Name  string // as in -o NAME=FILE
	Write func(io.Writer, content.View) error
}

// Formats lists every format in the order of help texts. Each call returns a
// new slice.
func Formats() []Format {
	return []Format{
		{"table", terminal.WriteTable},
		{"verdict", verdictjson.Write},
		{"junit", junit.Write},
		{"markdown", github.WriteMarkdown},
		{"html", webpage.Write},
		{"metrics", writeMetrics},
	}
}

// CSVFile is one of the files that --csv PREFIX writes. The file's
// name is the prefix and Suffix.
type CSVFile struct {
	Suffix string
	Write  func(io.Writer, content.View) error
}

// CSVFiles lists Locust's four files and one of the resources that were watched beside the load.
// Each call returns a new slice.
func CSVFiles() []CSVFile {
	return []CSVFile{
		{"_stats.csv", locust.WriteStats},
		{"_stats_history.csv", locust.WriteHistory},
		{"_failures.csv", locust.WriteFailures},
		{"_exceptions.csv", locust.WriteExceptions},
		{"_resources.csv", locust.WriteResources},
	}
}
