package unit

import (
	"fmt"
	"time"
)

// Clock is a length of time, or a time since a start, as a clock shows it, to the second:
// 0:15, 2:05, 1:02:03.
func Clock(d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
