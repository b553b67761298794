package locustfile

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
)

// file is what a locustfile defines.
type file struct {
	draft     *draft.Draft
	imports   syntax.Imports // names to what they are of, such as random.randint
	constants map[string]*syntax.Node
	functions map[string]*syntax.Node
	classes   map[string]*class
	order     []*class
	listeners []listener
	budget    int                   // how many expressions may still be read
	steps     int                   // how many requests were read
	told      map[*syntax.Node]bool // requests, by what is called, that are in the draft or in a look
	tasks     map[string]bool       // names of transactions
}

// mostRead is how many expressions are read of a file, with those that are read several times.
const mostRead = 300_000

// look adds what a person must look at in the file as a whole.
func (f *file) look(at *syntax.Node, what string) {
	f.draft.AddLook(fmt.Sprintf("line %d: %s", at.Line, what))
}
