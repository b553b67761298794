package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/regular"
)

// MarkSchema names the version of a mark's file.
const MarkSchema = "loadgate.mark/1"

type markFile struct {
	Schema string `json:"schema"`
	Run    string `json:"run"`
	baseline.Mark
}

// Mark adds a mark to a run; the ID may be shortened as for Get. Earlier marks stay, and
// the newest counts. It returns the full ID.
func (s *Store) Mark(id string, m baseline.Mark) (string, error) {
	if strings.TrimSpace(m.Reason) == "" || m.At.IsZero() {
		return "", errors.New("a mark needs a reason and a time")
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
	// The time is in the name too, so that names and marks have the same order.
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
		if errors.Is(err, fs.ErrNotExist) {
			continue // another process has pruned it
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("mark %s is not used: %w", s.path(name), withoutPath(err)))
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
	f, err := regular.Open(s.path(name))
	if err != nil {
		return m, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, largestMark))
	if err != nil {
		return m, err
	}
	var only schemaOnly
	if err := json.Unmarshal(text, &only); err != nil {
		return m, errDamaged
	}
	if err := checkSchema(only.Schema, MarkSchema); err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil || m.At.IsZero() || strings.TrimSpace(m.Reason) == "" {
		return m, errDamaged
	}
	if !strings.HasPrefix(name, m.Run+".") {
		return m, fmt.Errorf("it belongs to run %s, not to the one in its name; remove it", quoted(m.Run))
	}
	return m, nil
}

// largestMark is the most bytes of a mark: a reason of many pages.
const largestMark = 1 << 20
