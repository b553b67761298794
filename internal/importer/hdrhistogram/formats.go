package hdrhistogram

import (
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/result"
)

// Formats are HdrHistogram's, which several tools write, in the order in which they are tried.
func Formats() []collect.Format {
	return []collect.Format{
		{Name: "hgrm", Tool: "HdrHistogram", Keeps: collect.Buckets, Failures: result.Untold,
			Sniff: sniffHgrm, ReadFigures: readHgrm},
		{Name: "hlog", Tool: "HdrHistogram", Keeps: collect.Requests, Failures: result.Untold,
			Sniff: sniffHlog, ReadRequests: readHlog},
	}
}
