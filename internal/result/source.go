package result

import (
	"fmt"
	"slices"
)

// Source says which other tool made the load of a run, and what its files tell
// apart. The zero value is loadgate's own load.
type Source struct {
	Tool   string `json:"tool,omitempty"`
	Format string `json:"format,omitempty"`
	// Failures is what the file says of failed requests.
	Failures Failures `json:"failures,omitempty"`
	// Advice says how the tool is asked for a file that tells more, as a part of
	// a sentence; empty: it has none.
	Advice string `json:"advice,omitempty"`
	// Notes say what the counts do not show about the file, each as a part of a
	// sentence: what they leave out, or what belongs to no endpoint; empty: nothing.
	Notes []string `json:"notes,omitempty"`
}

// Foreign says whether another tool made the load: nothing is known of its
// timetable.
func (s Source) Foreign() bool { return s.Tool != "" }

// Failures says what latencies are of.
type Failures string

// What a file says of failed requests.
const (
	Apart   Failures = ""        // latencies are those of successes
	Mixed   Failures = "mixed"   // latencies are those of failures too: the file does not part them
	Untold  Failures = "untold"  // what failed is not in the file
	Omitted Failures = "omitted" // only successes are in the file
)

// Known says whether the file tells how many requests failed.
func (f Failures) Known() bool { return f == Apart || f == Mixed }

func (s Source) check() error {
	if !slices.Contains([]Failures{Apart, Mixed, Untold, Omitted}, s.Failures) {
		return fmt.Errorf("source: failures are %q, which is nothing known", s.Failures)
	}
	return nil
}
