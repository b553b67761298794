// Package report turns a result and its verdict into what people and machines
// read. It knows wording, scaling and the rules of each medium; it decides
// nothing, opens nothing and reads no clock. Every text that came from the
// target or from a file is untrusted: text.go is the one place that makes it
// safe for a medium.
package report

import "io"

// Format is one way to write a View. Write returns the writer's error.
type Format struct {
	Name  string // as in -o NAME=FILE
	Write func(io.Writer, View) error
}

// Formats lists every format in the order of help texts. Each call returns a
// new slice.
func Formats() []Format {
	return []Format{
		{"table", writeTable},
		{"verdict", writeVerdict},
		{"junit", writeJUnit},
		{"markdown", writeMarkdown},
		{"html", writeHTML},
		{"metrics", writeMetrics},
	}
}

// CSVFile is one of the files that --csv PREFIX writes. The file's
// name is the prefix and Suffix.
type CSVFile struct {
	Suffix string
	Write  func(io.Writer, View) error
}

// CSVFiles lists Locust's four files, of which locust.go says what is in them,
// and one of what was watched beside the load. Each
// call returns a new slice.
func CSVFiles() []CSVFile {
	return []CSVFile{
		{"_stats.csv", writeLocustStats},
		{"_stats_history.csv", writeLocustHistory},
		{"_failures.csv", writeLocustFailures},
		{"_exceptions.csv", writeLocustExceptions},
		{"_resources.csv", writeResources},
	}
}
