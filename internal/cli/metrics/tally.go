package metrics

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/unit"
)

// tally is what became of all pushes.
type tally struct {
	pushes, dropped int
	last            error // of a push that was dropped
	rejected        int64 // values that the collector did not take of messages that it took
	damaged         int   // seconds that could not be read
	uncounted       int   // seconds for which there was no room; of the goroutine that makes the run
}

// line says what did not arrive; false: everything did.
func (t *tally) line() (string, bool) {
	var parts []string
	if t.dropped > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s dropped, the last by %v",
			t.dropped, unit.Counted(t.pushes, "push"), t.last))
	}
	if t.rejected > 0 {
		parts = append(parts, unit.Counted(int(t.rejected), "value")+" rejected by the collector")
	}
	if lost := t.damaged + t.uncounted; lost > 0 {
		parts = append(parts, unit.Counted(lost, "second")+" not counted")
	}
	return "metrics: " + strings.Join(parts, "; "), len(parts) > 0
}
