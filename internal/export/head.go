package export

import (
	"fmt"
	"io"

	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/unit"
)

// head says what a script is, and what is not the same.
func (s *script) head(w io.Writer, comment string) {
	p := s.plan
	load := unit.Counted(p.Users, "user")
	switch {
	case p.Loads != nil:
		load = unit.Counted(len(p.Loads), "load")
	case len(p.Stages) > 0:
		load = unit.Counted(len(p.Stages), "stage")
	case p.Open:
		load = fmt.Sprintf("%g arrivals/s", p.Rate)
	}
	fmt.Fprintf(w, "%s The users of %s, profile %s: %s for %s. Written by loadgate export.\n",
		comment, safetext.Line(p.Config.File), safetext.Line(p.Profile), load, p.Duration)
	for _, note := range s.notes {
		fmt.Fprintf(w, "%s Not the same: %s.\n", comment, note)
	}
}
