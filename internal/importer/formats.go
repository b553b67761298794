package importer

import "slices"

// Kinds lists the formats in the order in which they are tried: files that are read
// beside others first, so that a format that was asked for does not hide them. Each call
// returns a new slice.
func Kinds() []Kind {
	all := slices.Concat(
		k6Formats(),
		vegetaFormats(),
		jmeterFormats(),
		locustFormats(),
		gatlingFormats(),
		artilleryFormats(),
		httpbenchFormats(),
		taurusFormats(),
		nbomberFormats(),
		hdrFormats(),
	)
	slices.SortStableFunc(all, func(a, b Kind) int {
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
