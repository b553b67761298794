package vegeta

import (
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/result"
)

// Formats are Vegeta's, in the order in which they are tried.
func Formats() []collect.Format {
	return []collect.Format{
		{Name: "vegeta-json", Tool: "Vegeta", Keeps: collect.Requests,
			Sniff: collect.HasKeys(`"latency":`, `"timestamp":`, `"code":`), ReadRequests: readJSON},
		{Name: "vegeta-csv", Tool: "Vegeta", Keeps: collect.Requests, Sniff: sniffCSV, ReadRequests: readCSV},
		{Name: "vegeta-gob", Tool: "Vegeta", Keeps: collect.Requests, Sniff: sniffGob, ReadRequests: readGob},
		{Name: "vegeta-report", Tool: "Vegeta", Failures: result.Mixed,
			Advice: advice, Sniff: collect.HasKeys(`"latencies"`, `"95th"`), ReadFigures: readReport},
	}
}
