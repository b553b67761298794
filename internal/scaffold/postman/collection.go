package postman

import (
	"slices"

	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// variable is one of the collection.
type variable struct {
	value  string
	secret bool
}

// collection is one on its way to be a draft.
type collection struct {
	variables map[string]variable
	set       map[string]*written.Answer // variables that a script of an earlier request sets
	calls     []*call
	looks     []string
	expanded  int // how many texts were read
}

// call is a request with its service.
type call struct {
	*written.Request
	origin string
}

// look adds what a person must look at, once.
func (c *collection) look(what string) {
	if !slices.Contains(c.looks, what) && len(c.looks) < mostLooks {
		c.looks = append(c.looks, what)
	}
}

const (
	// Bounds of what is read of a collection.
	mostLooks    = 100
	mostRequests = 500
	mostFolders  = 20 // within each other
)

// service is the origin that most requests have.
func (c *collection) service() (best string) {
	counts := map[string]int{}
	for _, one := range c.calls {
		if one.origin == "" {
			continue
		}
		counts[one.origin]++
		if best == "" || counts[one.origin] > counts[best] {
			best = one.origin
		}
	}
	return best
}
