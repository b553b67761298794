package textfile

import (
	"cmp"
	"iter"
	"maps"
	"slices"
)

// ByKey yields a map by its keys, so that a file has one reading: the same
// notes, the same first error and the same order of endpoints each time.
func ByKey[K cmp.Ordered, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}
