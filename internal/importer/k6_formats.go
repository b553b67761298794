package importer

import "github.com/loadgate/loadgate/internal/result"

// k6Formats are k6's, in the order in which they are tried.
func k6Formats() []Kind {
	return []Kind{
		{Name: "k6-json", Tool: "k6", Keeps: Requests, sniff: sniffK6JSON, requests: readK6JSON},
		{Name: "k6-csv", Tool: "k6", Keeps: Requests, sniff: sniffK6CSV, requests: readK6CSV},
		{Name: "k6-summary", Tool: "k6", Failures: result.Mixed,
			Advice: k6Advice, sniff: sniffK6Summary, figures: readK6Summary},
	}
}
