package locust

import (
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/result"
)

// Formats are Locust's files, those that it writes beside others as well, in the order in which they are tried.
func Formats() []collect.Format {
	return []collect.Format{
		{Name: "locust-failures", Tool: "Locust", Beside: "locust-csv",
			Sniff: sniff(failuresHead), ReadFigures: readFailures},
		{Name: "locust-history", Tool: "Locust", Beside: "locust-csv",
			Sniff: sniff(historyHead), ReadFigures: readHistory},
		{Name: "locust-old-history", Tool: "Locust", Beside: "locust-old-stats",
			Sniff: sniff(oldHistoryHead), ReadFigures: readOldHistory},
		{Name: "locust-distribution", Tool: "Locust", Beside: "locust-requests",
			Sniff: sniff(distributionHead), ReadFigures: readDistribution},
		{Name: "locust-exceptions", Tool: "Locust", Beside: "locust-csv",
			Sniff: sniff(exceptionsHead), ReadFigures: readExceptions},
		{Name: "locust-csv", Tool: "Locust", Failures: result.Mixed,
			Advice: advice, Sniff: sniff(statsHead), ReadFigures: readStats},
		{Name: "locust-old-stats", Tool: "Locust", Failures: result.Mixed,
			Sniff: sniff(oldStatsHead), ReadFigures: readOldStats},
		{Name: "locust-requests", Tool: "Locust", Failures: result.Mixed,
			Sniff: sniff(requestsHead), ReadFigures: readRequests},
		{Name: "locust-json", Tool: "Locust", Keeps: collect.Buckets, Failures: result.Mixed,
			Sniff: sniffJSON, ReadFigures: readJSON},
	}
}
