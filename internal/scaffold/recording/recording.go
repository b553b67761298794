// Package recording drafts a thresholds.yaml from recorded exchanges: those of a browser, or of a test that
// ran through a recorder. It does not know how they were recorded, and reads no file.
package recording

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/unit"
)

// Source is what the recordings are, in words.
type Source struct {
	Origin string // such as a browser's recording
	Kind   string // in messages, such as HAR
	Maker  string // the command that drafts; empty: loadgate init
}

// Recording is what one kind of user did.
type Recording struct {
	Name      string
	Exchanges []Exchange
}

// Draft drafts a file from recordings, one kind of user each, with the think times that were recorded. Ids and
// tokens that came out of earlier answers are captured from them; what a page draws in, other hosts and what
// failed are left out. No cookie, token or password of a recording that is recognized is in the file.
func Draft(from Source, recordings []Recording, o draft.Options) (*draft.Draft, error) {
	d := &draft.Draft{Origin: from.Origin, Maker: from.Maker}
	var all [][]*entry
	for _, r := range recordings {
		entries, invalid, err := usable(r.Exchanges)
		if err != nil {
			return nil, fmt.Errorf("read %s %s: %w", from.Kind, r.Name, err)
		}
		if invalid != nil {
			d.AddLook(fmt.Sprintf("left out: %s of recording %s, from entry %d on: the address is not valid",
				unit.Counted(len(invalid), "request"), r.Name, invalid[0]))
		}
		all = append(all, entries)
	}
	base, err := serviceAddress(all, o)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", from.Kind, err)
	}
	d.URL = cmp.Or(o.URL, base.Scheme+"://"+base.Host)
	var empty error
	var sessions []*session
	recorded := map[*draft.Step][]recordedID{}
	for i, r := range recordings {
		s := &session{draft: d, recorded: recorded, group: &draft.Group{Name: d.UnusedGroup(r.Name)},
			secrets: map[string]string{}}
		if all[i][0].Connection > 0 {
			s.readCrowd(all[i], base.Host)
		} else {
			s.read(all[i], base.Host)
		}
		if len(s.group.Steps)+len(s.group.Start) == 0 {
			empty = fmt.Errorf("read %s %s: it has no usable request to %s", from.Kind, r.Name, base.Host)
			d.AddLook("left out: recording " + r.Name + ": it has no usable request to " + base.Host)
			continue
		}
		if len(s.group.Steps) == 0 { // a login alone
			s.group.Steps, s.group.Start = s.group.Start, nil
		}
		d.Groups, sessions = append(d.Groups, s.group), append(sessions, s)
	}
	if len(d.Groups) == 0 {
		return nil, empty
	}
	weigh(sessions)
	nameEndpoints(d, recorded)
	d.GuessRules()
	return d.Finish(o)
}

// weigh makes the groups send as much of each other's requests as was recorded, where that was counted.
func weigh(sessions []*session) {
	if len(sessions) < 2 {
		return
	}
	var sum float64
	for _, s := range sessions {
		sum += s.demand()
	}
	for _, s := range sessions {
		if share := s.demand() / sum; sum > 0 && share > 0 {
			s.group.Weight = max(math.Round(1000*share)/10, 0.1)
		}
	}
}

// usable are the requests of a recording in their order, and the numbers of the exchanges, from 1, that are
// left out because their address is not valid.
func usable(all []Exchange) (kept []*entry, invalid []int, err error) {
	for i, x := range all {
		u, err := parseAddress(x.Request.URL)
		if err != nil && isHTTP.MatchString(x.Request.URL) {
			invalid = append(invalid, i+1)
		}
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			continue
		}
		if !naming.IsMethod(x.Request.Method) {
			continue // no request of a user's, such as one for a tunnel
		}
		kept = append(kept, &entry{Exchange: x, url: u})
	}
	if kept == nil && len(all) > 0 { // such as of web sockets
		return nil, nil, errors.New("no entry of it is a request that a load can send")
	}
	if kept == nil {
		return nil, nil, errors.New("there is no request in it")
	}
	if slices.ContainsFunc(kept, func(e *entry) bool { return e.Begun.IsZero() }) {
		return kept, invalid, nil // in the order in which they were given
	}
	slices.SortStableFunc(kept, func(a, b *entry) int { return a.Begun.Compare(b.Begun) })
	return kept, invalid, nil
}

var isHTTP = regexp.MustCompile(`(?i)^https?:`)
