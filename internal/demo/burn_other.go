//go:build !linux

package demo

import "time"

// spin computes until so much time has passed, or as much was computed as no
// processor does in it.
func spin(d time.Duration) {
	begun := time.Now()
	for n := time.Duration(0); time.Since(begun) < d && n < d/time.Microsecond; n++ {
		compute()
	}
}
