//go:build !unix

package selfmon

import "time"

// descriptors is unknown here: the system has no such limit.
func descriptors() (limit uint64, ok bool) { return 0, false }

// processTime is unknown here.
func processTime() (time.Duration, bool) { return 0, false }
