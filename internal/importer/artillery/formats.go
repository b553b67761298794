package artillery

import (
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/result"
)

// Formats are Artillery's report, in the order in which they are tried.
func Formats() []collect.Format {
	return []collect.Format{
		{Name: "artillery", Tool: "Artillery", Failures: result.Mixed, Sniff: sniff, ReadFigures: read},
	}
}
