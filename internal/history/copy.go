package history

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/loadgate/loadgate/internal/history/shelf"
)

// Copied is what a copy did.
type Copied struct {
	Runs  []string // the IDs, oldest first
	Marks int
	There int // runs that both had before
	// Problems are the files that were not copied, one line each.
	Problems []error
}

// Copy copies the runs and marks that to lacks, byte by byte. It may be repeated after an error, and while others write
// to both. Marks of runs that from lacks stay.
func Copy(from, to *Store) (c Copied, err error) {
	err = from.use(func(source shelf.Files) error {
		names, err := from.names(source, "")
		if err != nil {
			return err
		}
		return to.use(func(target shelf.Files) error {
			there, err := to.names(target, "")
			if err != nil {
				return err
			}
			if err := target.Check(); err != nil { // before much is read
				return err
			}
			m := move{from: from, to: to, source: source, target: target, has: set(names), lacks: set(names), done: &c}
			for _, name := range there {
				delete(m.lacks, name)
			}
			return m.all(names)
		})
	})
	return c, err
}

func set(names []string) map[string]bool {
	is := make(map[string]bool, len(names))
	for _, name := range names {
		is[name] = true
	}
	return is
}

// move is a copy on its way.
type move struct {
	from, to       *Store
	source, target shelf.Files
	has, lacks     map[string]bool
	done           *Copied
}

// all copies marks before runs: without its mark a rejected run would count until the copy is complete.
func (m *move) all(names []string) error {
	var missing []string
	for _, name := range names {
		if m.lacks[name] {
			missing = append(missing, name)
		}
	}
	var failed error
	err := m.from.fronts(m.source, missing, markSuffix, func(front shelf.Front) {
		if failed == nil {
			failed = m.mark(front)
		}
	})
	if err := errors.Join(failed, err); err != nil {
		return err
	}
	for _, name := range names {
		id, ok := strings.CutSuffix(name, runSuffix)
		switch {
		case !ok:
		case !m.lacks[name]:
			m.done.There++
		default:
			if err := m.run(id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *move) mark(front shelf.Front) error {
	of, text, err := readMark(m.source, front)
	switch {
	case errors.Is(err, fs.ErrNotExist): // it has been pruned meanwhile
		return nil
	case err != nil:
		m.done.Problems = append(m.done.Problems, m.from.unused("mark", front.Name, err))
		return nil
	case !m.has[of.Run+runSuffix]:
		return nil
	}
	made, err := m.create(fileOfMark(front.Name, of.Run, of.At, text))
	if made {
		m.done.Marks++
	}
	return err
}

func (m *move) run(id string) error {
	d, text, err := m.from.whole(m.source, id)
	switch _, server := errors.AsType[*shelf.Error](err); {
	case server:
		return err
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		m.done.Problems = append(m.done.Problems, err)
		return nil
	}
	file, err := fileOf(d.run, text, d.front)
	if err != nil {
		return err
	}
	made, err := m.create(file)
	if made {
		m.done.Runs = append(m.done.Runs, id)
	}
	return err
}

// create keeps a file, which another copy may just have done.
func (m *move) create(file shelf.File) (made bool, err error) {
	err = m.target.Create(file)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("copy to %s: %w", m.to.Place(), withoutPath(err))
	}
	return true, nil
}
