package measure

import (
	"time"

	"github.com/loadgate/loadgate/internal/hist"
)

// KeepFirstBytes makes the recorder keep the times to the first byte of some endpoints too. It is for before the first
// sample; others cost nothing more.
func (r *Recorder) KeepFirstBytes(endpoints []int) {
	if len(endpoints) == 0 {
		return
	}
	kept := make([]bool, r.endpoints)
	for _, i := range endpoints {
		kept[i] = true
	}
	for _, l := range r.lanes {
		l.firstBytes = kept
	}
}

func (c *counts) addFirstByte(took time.Duration) {
	if c.firstByte == nil {
		c.firstByte = new(hist.Latency)
	}
	c.firstByte.Record(took)
}

func (c *counts) mergeFirstBytes(from *counts) {
	if from.firstByte == nil {
		return
	}
	if c.firstByte == nil {
		c.firstByte = new(hist.Latency)
	}
	c.firstByte.Merge(from.firstByte)
}
