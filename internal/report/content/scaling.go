package content

import (
	"strings"

	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/report/typeset"
	"github.com/loadgate/loadgate/internal/report/wording"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Scaling is what a search says of replicas, in words.
type Scaling struct {
	*verdict.Scaling
	Text   string
	Remedy string // of what advice is refused for
	Beside []Note
}

func scalingOf(s *verdict.Scaling) *Scaling {
	if s == nil {
		return nil
	}
	var remedies []string
	for _, r := range s.Refused {
		if todo := wording.Todo(r); todo != "" && !strings.Contains(strings.Join(remedies, "\n"), todo) {
			remedies = append(remedies, todo)
		}
	}
	return &Scaling{s, wording.Text(s.Says), strings.Join(remedies, "; "), besideOf(s.Notes)}
}

func besideOf(reasons []reason.Reason) (notes []Note) {
	for _, r := range reasons {
		notes = append(notes, Note{wording.Text(r), wording.Todo(r)})
	}
	return notes
}

// short is the same with texts that are cut.
func (s *Scaling) short(limit int) *Scaling {
	if s == nil {
		return nil
	}
	cut := *s
	cut.Text, cut.Remedy, cut.Beside = typeset.Cut(s.Text, limit), typeset.Cut(s.Remedy, limit), nil
	for _, n := range s.Beside {
		cut.Beside = append(cut.Beside, Note{typeset.Cut(n.Reason, limit), typeset.Cut(n.Remedy, limit)})
	}
	return &cut
}
