package gatling

import "github.com/loadgate/loadgate/internal/importer/collect"

// Formats are Gatling's, in the order in which they are tried.
func Formats() []collect.Format {
	return []collect.Format{
		{Name: "gatling-log", Tool: "Gatling", Keeps: collect.Requests, Sniff: sniffLog, ReadRequests: readLog},
		{Name: "gatling-stats", Tool: "Gatling", Sniff: sniffStats, ReadFigures: readStats},
	}
}
