package estimate

import (
	"cmp"
	"fmt"
	"slices"
)

// Split parts rows of a rule into those that are judged alone and those that are judged
// together: alone are those that suffice to show a pass. The others, where they do not
// suffice together, take in the row that tells least of those alone, until they do. How much
// a row tells does not depend on the limit, so the limit does not decide who is judged with
// whom. The judge and the forecast of a plan split alike, by what was and by what is expected.
func Split[T any](rows []T, tells func(T) float64, suffice func([]T) bool) (alone, together []T) {
	for _, row := range rows {
		if suffice([]T{row}) {
			alone = append(alone, row)
		} else {
			together = append(together, row)
		}
	}
	slices.SortStableFunc(alone, func(a, b T) int { return cmp.Compare(tells(a), tells(b)) })
	for len(together) > 0 && len(alone) > 0 && !suffice(together) {
		together, alone = append(together, alone[0]), alone[1:]
	}
	return alone, together
}

// Together names n rows of a rule that are judged together. Rest says that others of the rule are
// judged alone.
func Together(rule string, n int, rest bool) string {
	text := fmt.Sprintf("%s (%d endpoints)", rule, n)
	if rest {
		return "rest of " + text
	}
	return text
}
