package result

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// Sent is a step before or after the load, which was sent once, or again as its retry says. It is in no figure.
type Sent struct {
	Endpoint string        `json:"endpoint"`
	Took     time.Duration `json:"took_ns"` // of its last request
	Status   int           `json:"status,omitempty"`
	Repeats  int           `json:"repeats,omitempty"`
	// Failure is OK where it succeeded; Detail says more of another one, and is untrusted.
	Failure metric.Failure `json:"failure,omitzero"`
	Detail  string         `json:"detail,omitempty"`
}

// OK says whether it succeeded.
func (s Sent) OK() bool { return s.Failure == metric.OK }

func checkSent(all []Sent) error {
	for _, s := range all {
		if !possible(s.Took) || s.Repeats < 0 || s.Status != 0 && (s.Status < 100 || s.Status > 999) {
			return fmt.Errorf("%s: a time, a status or repeats that cannot be", s.Endpoint)
		}
	}
	return nil
}
