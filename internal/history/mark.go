package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
)

// MarkSchema names the version of a mark's file.
const MarkSchema = "loadgate.mark/1"

type markFile struct {
	Schema string `json:"schema"`
	Run    string `json:"run"`
	baseline.Mark
}

// Mark keeps what somebody says of a run; the ID may be cut short as for Get.
// Earlier marks stay, and the newest holds. It returns the whole ID.
func (s *Store) Mark(id string, m baseline.Mark) (string, error) {
	if strings.TrimSpace(m.Reason) == "" {
		return "", errors.New("a mark needs a reason")
	}
	id, err := s.find(id)
	if err != nil {
		return "", err
	}
	m.At = m.At.UTC()
	text, err := json.Marshal(markFile{MarkSchema, id, m})
	if err != nil {
		return "", err
	}
	// The time stands in the name too, so that the order of names is that of
	// the marks.
	name := fmt.Sprintf("%s.%s-%s%s", id, m.At.Format("20060102T150405.000000000Z"), randomDigits(), markSuffix)
	return id, s.create(name, append(text, '\n'))
}

// marks reads the marks of all runs, those of each in the order of time.
func (s *Store) marks(names []string) (marks map[string][]baseline.Mark, problems []error) {
	marks = map[string][]baseline.Mark{}
	for _, name := range names {
		if !strings.HasSuffix(name, markSuffix) {
			continue
		}
		m, err := s.mark(name)
		if err != nil {
			problems = append(problems, fmt.Errorf("mark %s is not used: %w", s.path(name), err))
			continue
		}
		marks[m.Run] = append(marks[m.Run], m.Mark)
	}
	for _, of := range marks {
		slices.SortStableFunc(of, func(a, b baseline.Mark) int { return a.At.Compare(b.At) })
	}
	return marks, problems
}

func (s *Store) mark(name string) (m markFile, err error) {
	text, err := os.ReadFile(s.path(name))
	if err != nil {
		return m, err
	}
	switch err := json.Unmarshal(text, &m); {
	case err != nil:
		return m, errDamaged
	case strings.HasPrefix(m.Schema, "loadgate.mark/") && m.Schema != MarkSchema:
		return m, fmt.Errorf("schema %q is newer than this loadgate, which reads %q; update loadgate", m.Schema, MarkSchema)
	case m.Schema != MarkSchema || !strings.HasPrefix(name, m.Run+".") || m.At.IsZero():
		return m, errForeign
	}
	return m, nil
}
