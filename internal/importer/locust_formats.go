package importer

import "github.com/loadgate/loadgate/internal/result"

// locustFormats are Locust's files, those that it writes beside others as well, in the order in which they are tried.
func locustFormats() []Kind {
	return []Kind{
		{Name: "locust-failures", Tool: "Locust", beside: "locust-csv",
			sniff: sniffLocust(locustFailures), figures: readLocustFailures},
		{Name: "locust-history", Tool: "Locust", beside: "locust-csv",
			sniff: sniffLocust(locustHistory), figures: readLocustHistory},
		{Name: "locust-old-history", Tool: "Locust", beside: "locust-old-stats",
			sniff: sniffLocust(locustOldHistory), figures: readLocustOldHistory},
		{Name: "locust-distribution", Tool: "Locust", beside: "locust-requests",
			sniff: sniffLocust(locustParts), figures: readLocustDistribution},
		{Name: "locust-exceptions", Tool: "Locust", beside: "locust-csv",
			sniff: sniffLocust(locustErrors), figures: readLocustExceptions},
		{Name: "locust-csv", Tool: "Locust", Failures: result.Mixed,
			Advice: locustAdvice, sniff: sniffLocust(locustStats), figures: readLocustStats},
		{Name: "locust-old-stats", Tool: "Locust", Failures: result.Mixed,
			sniff: sniffLocust(locustOldStats), figures: readLocustOldStats},
		{Name: "locust-requests", Tool: "Locust", Failures: result.Mixed,
			sniff: sniffLocust(locustRequests), figures: readLocustRequests},
		{Name: "locust-json", Tool: "Locust", Keeps: Buckets, Failures: result.Mixed,
			sniff: sniffLocustJSON, figures: readLocustJSON},
	}
}
