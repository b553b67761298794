package demo

import "errors"

// errNoRow is the answer of a statement about a row that does not exist.
var errNoRow = errors.New("no such row")

// tables is all data of the service. Whoever has it from the store may do with it what the
// store's lock allows, and keeps no row beyond that. Times are ISO 8601 texts, which sort as
// they pass.
type tables struct {
	users    rows[user]
	byEmail  map[string]*user
	tutors   rows[tutor]
	students rows[student]
	advice   []advice

	sessions      sessions
	feedback      feedbacks
	alerts        []alert // newest first
	interventions interventions
}

// rows are those of a table that is only seeded, and not added to: their ids count from 1.
type rows[R any] []R

func (r rows[R]) byID(id int64) (*R, error) {
	if id < 1 || id > int64(len(r)) {
		return nil, errNoRow
	}
	return &r[id-1], nil
}

// page is at most limit rows after offset ones.
func (r rows[R]) page(limit, offset int64) rows[R] {
	offset = min(offset, int64(len(r)))
	return r[offset:min(offset+limit, int64(len(r)))]
}

type user struct {
	id          int64
	name, email string
	password    []byte // hashed
	active      bool
	roles       []string // sorted, each once
}

type tutor struct {
	id                            int64
	name, email, subject, hiredOn string
	active                        bool
}

type student struct {
	name  string
	grade int
}

// advice is what to do about tutors of a subject whose rating is below a value.
type advice struct {
	subject          string
	below            float64
	action, priority string
}

type alert struct {
	id, tutor                        int64
	kind, severity, status, raisedAt string
}
