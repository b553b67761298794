package config

import (
	"slices"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/target"
)

// Grant is an entry of target.allow and its place. It counts only together with
// the word of whoever calls: a file may come from a stranger.
type Grant struct {
	Entry string
	Pos   mistake.Pos
}

// Beyond returns the grants that reach beyond this machine's own addresses:
// other hosts, unix sockets and commands.
func (t Target) Beyond() []Grant {
	var beyond []Grant
	for _, g := range t.Grants {
		if !target.IsLoopback(g.Entry) {
			beyond = append(beyond, g)
		}
	}
	return beyond
}

// Unsaid returns the grants beyond this machine that the caller has not given
// too. said are entries as target.allow has them; a prefix of them gives what it
// holds, but for the addresses of metadata services. The caller's word for the
// URL of the target is in said as its host, or as unix:PATH. The error is that of
// a text in said that is no entry.
func (t Target) Unsaid(said []string) ([]Grant, error) {
	for _, entry := range said {
		if err := target.CheckEntry(entry); err != nil {
			return nil, err
		}
	}
	list, err := target.NewAllowList(said)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(t.Beyond(), func(g Grant) bool { return list.Covers(g.Entry) }), nil
}
