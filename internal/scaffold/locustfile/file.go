package locustfile

import (
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
)

// file is what a locustfile defines.
type file struct {
	draft     *draft.Draft
	imports   map[string]string // names to what they are of, such as random.randint
	constants map[string]*syntax
	functions map[string]*syntax
	classes   map[string]*class
	order     []*class
	budget    int              // how many expressions may still be read
	steps     int              // how many requests were read
	told      map[*syntax]bool // requests, by what is called, that are in the draft or in a look
	tasks     map[string]bool  // names of transactions
}

// mostRead is how many expressions are read of a file, with those that are read several times.
const mostRead = 300_000

// look adds what a person must look at in the file as a whole.
func (f *file) look(at *syntax, what string) {
	f.draft.AddLook(fmt.Sprintf("line %d: %s", at.Line, what))
}

// canonical is a dotted name with the module that it is imported from.
func (f *file) canonical(n *syntax) string {
	name := n.dotted()
	first, rest, has := strings.Cut(name, ".")
	if full, ok := f.imports[first]; ok {
		if name = full; has {
			name += "." + rest
		}
	}
	return name
}
