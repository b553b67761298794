// Package har drafts a thresholds.yaml from recordings of a browser, as HTTP Archive (HAR)
// files hold them.
package har

import (
	"cmp"
	"fmt"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/unit"
)

// Draft drafts a file from recordings of a browser, one kind of user each, with
// the think times that were recorded. Ids and tokens that came out of earlier
// answers are captured from them; what a page draws in, other hosts and what
// failed are left out. No cookie, token or password of a recording that is recognized is in
// the file.
func Draft(recordings []input.File, o draft.Options) (*draft.Draft, error) {
	d := &draft.Draft{Origin: "a browser's recording"}
	var all [][]*entry
	for _, r := range recordings {
		entries, invalid, err := read(r.Text)
		if err != nil {
			return nil, fmt.Errorf("read HAR %s: %w", r.Name, err)
		}
		if invalid != nil {
			d.AddLook(fmt.Sprintf("left out: %s of recording %s, from entry %d on: the address is not valid",
				unit.Counted(len(invalid), "request"), r.Name, invalid[0]))
		}
		all = append(all, entries)
	}
	base, err := serviceAddress(all, o)
	if err != nil {
		return nil, err
	}
	d.URL = cmp.Or(o.URL, base.Scheme+"://"+base.Host)
	var empty error
	recorded := map[*draft.Step][]recordedID{}
	for i, r := range recordings {
		s := &session{draft: d, recorded: recorded, group: &draft.Group{Name: d.UnusedGroup(r.Name)}}
		s.read(all[i], base.Host)
		if len(s.group.Steps)+len(s.group.Start) == 0 {
			empty = fmt.Errorf("read HAR %s: it has no usable request to %s", r.Name, base.Host)
			d.AddLook("left out: recording " + r.Name + ": it has no usable request to " + base.Host)
			continue
		}
		if len(s.group.Steps) == 0 { // a login alone
			s.group.Steps, s.group.Start = s.group.Start, nil
		}
		d.Groups = append(d.Groups, s.group)
	}
	if len(d.Groups) == 0 {
		return nil, empty
	}
	nameEndpoints(d, recorded)
	d.GuessRules()
	return d.Finish(o)
}
