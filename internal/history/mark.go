package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history/shelf"
)

// MarkSchema names the version of a mark's file.
const MarkSchema = "loadgate.mark/1"

type markFile struct {
	Schema string `json:"schema"`
	Run    string `json:"run"`
	baseline.Mark
}

// Mark adds a mark to a run; the ID may be shortened as for Get. Earlier marks stay, and the newest counts: that is
// this one, also where an earlier one has a later time, from a clock that is ahead. It returns the full ID.
func (s *Store) Mark(id string, m baseline.Mark) (_ string, err error) {
	if strings.TrimSpace(m.Reason) == "" || m.At.IsZero() {
		return "", errors.New("a mark needs a reason and a time")
	}
	err = s.use(func(files shelf.Files) error {
		if id, err = s.find(files, id); err != nil {
			return err
		}
		before, _, err := s.marksOf(files, id)
		if err != nil {
			return err
		}
		m.At = m.At.UTC()
		if n := len(before); n > 0 && !before[n-1].At.Before(m.At) {
			m.At = before[n-1].At.Add(time.Nanosecond)
		}
		text, err := json.Marshal(markFile{MarkSchema, id, m})
		if err != nil {
			return err
		}
		// The time is in the name too, so that names and marks have the same order.
		name := fmt.Sprintf("%s.%s-%s%s", id, m.At.Format("20060102T150405.000000000Z"), randomDigits(), markSuffix)
		return files.Create(fileOfMark(name, id, m.At, append(text, '\n')))
	})
	return id, err
}

// fileOfMark is the file of a mark, all of which is its head.
func fileOfMark(name, id string, at time.Time, text []byte) shelf.File {
	return shelf.File{Name: name, Content: text, Head: len(text), About: shelf.About{Run: id, Time: at, JSON: text}}
}

// marks reads the marks of all runs, those of each in the order of time.
func (s *Store) marks(files shelf.Files, names []string) (marks map[string][]baseline.Mark,
	problems []error, err error) {
	marks = map[string][]baseline.Mark{}
	err = s.fronts(files, names, markSuffix, func(front shelf.Front) {
		m, _, err := readMark(files, front)
		switch {
		case errors.Is(err, fs.ErrNotExist): // another process has pruned it
		case err != nil:
			problems = append(problems, s.unused("mark", front.Name, err))
		default:
			marks[m.Run] = append(marks[m.Run], m.Mark)
		}
	})
	for _, of := range marks {
		slices.SortStableFunc(of, func(a, b baseline.Mark) int { return a.At.Compare(b.At) })
	}
	return marks, problems, err
}

// marksOf reads the marks of one run.
func (s *Store) marksOf(files shelf.Files, id string) (marks []baseline.Mark, problems []error, err error) {
	names, err := s.names(files, id+".")
	if err != nil {
		return nil, nil, err
	}
	all, problems, err := s.marks(files, names)
	return all[id], problems, err
}

// readMark reads a mark, and its file.
func readMark(files shelf.Files, front shelf.Front) (m markFile, text []byte, err error) {
	if front.Err != nil {
		return m, nil, front.Err
	}
	text = front.Content
	if int64(len(text)) < front.Size { // a reason of pages
		file, _, err := files.Open(front.Name)
		if err != nil {
			return m, nil, err
		}
		defer file.Close()
		if text, err = io.ReadAll(io.LimitReader(file, largestMark)); err != nil {
			return m, nil, err
		}
	}
	m, err = decodeMark(front.Name, text)
	return m, text, err
}

func decodeMark(name string, text []byte) (m markFile, err error) {
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
