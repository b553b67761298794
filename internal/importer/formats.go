package importer

import (
	"slices"

	"github.com/loadgate/loadgate/internal/importer/artillery"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/gatling"
	"github.com/loadgate/loadgate/internal/importer/hdrhistogram"
	"github.com/loadgate/loadgate/internal/importer/httpbench"
	"github.com/loadgate/loadgate/internal/importer/jmeter"
	"github.com/loadgate/loadgate/internal/importer/k6"
	"github.com/loadgate/loadgate/internal/importer/locust"
	"github.com/loadgate/loadgate/internal/importer/nbomber"
	"github.com/loadgate/loadgate/internal/importer/taurus"
	"github.com/loadgate/loadgate/internal/importer/vegeta"
)

// Formats lists the formats in the order in which they are tried: files that are read
// beside others first, so that a format that was asked for does not hide them. Each call
// returns a new slice.
func Formats() []collect.Format {
	all := slices.Concat(
		k6.Formats(),
		vegeta.Formats(),
		jmeter.Formats(),
		locust.Formats(),
		gatling.Formats(),
		artillery.Formats(),
		httpbench.Formats(),
		taurus.Formats(),
		nbomber.Formats(),
		hdrhistogram.Formats(),
	)
	slices.SortStableFunc(all, func(a, b collect.Format) int {
		switch {
		case a.Alone() == b.Alone():
			return 0
		case b.Alone():
			return -1
		}
		return 1
	})
	return all
}
