package demo

import (
	"cmp"
	"slices"
)

// intervention is what is done about a tutor. Only its state changes: its status, priority, and
// what others have written of it.
type intervention struct {
	id, tutor              int64
	kind, dueAt            string
	status, priority       string
	assigned, ended, notes *string // nil: not yet
}

// interventions is the table of them. Few enough are in it that one look at all finds those of
// a status or of a tutor.
type interventions struct {
	all   []*intervention // by id, from 1
	byDue []*intervention
}

// insert gives an intervention the next id.
func (t *interventions) insert(v *intervention) {
	v.id = int64(len(t.all) + 1)
	t.all = append(t.all, v)
	at, _ := slices.BinarySearchFunc(t.byDue, v, func(a, b *intervention) int {
		return cmp.Or(cmp.Compare(a.dueAt, b.dueAt), cmp.Compare(a.id, b.id))
	})
	t.byDue = slices.Insert(t.byDue, at, v)
}

func (t *interventions) byID(id int64) (*intervention, error) {
	if id < 1 || id > int64(len(t.all)) {
		return nil, errNoRow
	}
	return t.all[id-1], nil
}

// ofStatus is in the order of due times.
func (t *interventions) ofStatus(status string) []*intervention {
	var found []*intervention
	for _, v := range t.byDue {
		if v.status == status {
			found = append(found, v)
		}
	}
	return found
}

// openOf counts those of a tutor that have not ended.
func (t *interventions) openOf(tutor int64) (n int64) {
	for _, v := range t.all {
		if v.tutor == tutor && (v.status == "pending" || v.status == "in_progress") {
			n++
		}
	}
	return n
}

// urgency sorts priorities: the highest is the least.
func urgency(priority string) int {
	return slices.Index(priorities, priority)
}
