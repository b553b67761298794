package importer

import "github.com/loadgate/loadgate/internal/result"

// hdrFormats are HdrHistogram's, which several tools write, in the order in which they are tried.
func hdrFormats() []Kind {
	return []Kind{
		{Name: "hgrm", Tool: "HdrHistogram", Keeps: Buckets, Failures: result.Untold,
			sniff: sniffHgrm, figures: readHgrm},
		{Name: "hlog", Tool: "HdrHistogram", Keeps: Requests, Failures: result.Untold,
			sniff: sniffHlog, requests: readHlog},
	}
}
