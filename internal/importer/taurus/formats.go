package taurus

import (
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/result"
)

// Formats are Taurus's report, in the order in which they are tried.
func Formats() []collect.Format {
	return []collect.Format{
		{Name: "taurus", Tool: "Taurus", Failures: result.Mixed, Sniff: sniff, ReadFigures: read},
	}
}
