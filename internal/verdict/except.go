package verdict

import (
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/metric"
)

// Excepted is endpoints that an exception of the file leaves out of what is
// judged. They were measured all the same.
type Excepted struct {
	Rule      string      // the rule's name, or baseline for the comparison with earlier runs
	Endpoints []string    // never empty
	Reason    string      // one line, as the file has it
	Until     string      // the first day on which they are judged again, such as 2026-03-01; empty: no end
	Pos       mistake.Pos // of the exception
}

// Row is what a rule may speak of: an endpoint, or a transaction.
type Row struct {
	metric.Once
	Name        string
	Transaction bool
}
