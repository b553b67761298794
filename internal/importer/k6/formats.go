package k6

import (
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/result"
)

// Formats are k6's, in the order in which they are tried.
func Formats() []collect.Format {
	return []collect.Format{
		{Name: "k6-json", Tool: "k6", Keeps: collect.Requests, Sniff: sniffJSON, ReadRequests: readJSON},
		{Name: "k6-csv", Tool: "k6", Keeps: collect.Requests, Sniff: sniffCSV, ReadRequests: readCSV},
		{Name: "k6-summary", Tool: "k6", Failures: result.Mixed,
			Advice: advice, Sniff: sniffSummary, ReadFigures: readSummary},
	}
}
