package textfile

import (
	"cmp"
	"iter"
	"maps"
	"slices"
)

// ByKey iterates over a map in the order of its keys, so that reading a file twice gives the
// same notes, the same first error and the same order of endpoints.
func ByKey[K cmp.Ordered, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}
