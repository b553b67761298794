package result

import (
	"fmt"
	"time"
)

// ServerTime is one part of the Server-Timing headers of an endpoint's answers,
// over the whole run.
type ServerTime struct {
	Name     string        `json:"name"` // as the service calls it; untrusted
	Requests int64         `json:"requests"`
	Time     time.Duration `json:"ns"`              // summed
	Calls    int64         `json:"calls,omitempty"` // database queries that its description counts, summed
}

// mostServerTimes are kept of an endpoint: a service that names each answer's
// parts anew must not fill the document.
const mostServerTimes = 8

// AddServerTime adds t to the one of its name; there are at most eight.
func AddServerTime(all []ServerTime, t ServerTime) []ServerTime {
	for i := range all {
		if all[i].Name == t.Name {
			all[i].Requests += t.Requests
			all[i].Time = sum(all[i].Time, t.Time)
			all[i].Calls += t.Calls
			return all
		}
	}
	if len(all) == mostServerTimes {
		return all
	}
	return append(all, t)
}

func (t ServerTime) check() error {
	if !countable(t.Requests) || !countable(t.Calls) || !possible(t.Time) {
		return fmt.Errorf("server timing %q: counts or times that cannot be", t.Name)
	}
	return nil
}

func checkServer(all []ServerTime) error {
	names := map[string]bool{}
	for _, t := range all {
		if err := t.check(); err != nil {
			return err
		}
		if names[t.Name] {
			return fmt.Errorf("server timing %q is there twice", t.Name)
		}
		names[t.Name] = true
	}
	return nil
}

// Statement is what a database did of one kind of statement during the run.
type Statement struct {
	Query string        `json:"query"` // without its values
	Calls int64         `json:"calls"`
	Time  time.Duration `json:"ns"`
	Rows  int64         `json:"rows,omitempty"`
}

// Tried is what one request of the try-out made a database do.
type Tried struct {
	Endpoint string `json:"endpoint"`
	Query    string `json:"query"`
	Calls    int64  `json:"calls"`
}

// checkStatements says what cannot be.
func (r *Result) checkStatements() error {
	for _, s := range r.Statements {
		if !countable(s.Calls) || !countable(s.Rows) || !possible(s.Time) {
			return fmt.Errorf("statements: counts or times that cannot be")
		}
	}
	for _, t := range r.Tried {
		if !countable(t.Calls) {
			return fmt.Errorf("tried: %d calls cannot be", t.Calls)
		}
	}
	return nil
}
