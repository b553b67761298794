//go:build !linux || !(amd64 || arm64)

package engine

import "time"

var began = time.Now()

// Clock is the time since some moment. It never goes back, and goes on while the
// machine sleeps where the system has such a clock. Safe for concurrent use.
func Clock() time.Duration { return time.Since(began) }
