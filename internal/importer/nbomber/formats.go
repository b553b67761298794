package nbomber

import "github.com/loadgate/loadgate/internal/importer/collect"

// Formats are NBomber's report, in the order in which they are tried.
func Formats() []collect.Format {
	return []collect.Format{
		{Name: "nbomber", Tool: "NBomber", Sniff: sniff, ReadFigures: read},
	}
}
