package typeset

import (
	"time"
)

// InMilliseconds is a duration in milliseconds.
func InMilliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
