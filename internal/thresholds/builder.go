package thresholds

import (
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
)

// builder makes a Config of values. It goes on after a mistake to find the
// others, so that any part may be missing.
type builder struct {
	*mistake.List
	options Options
	config  *config.Config
	// caller reads the environment without the env_file.
	caller  func(name string) (value string, ok bool)
	guessed int             // variables that were asked for and are not set, each time
	limits  bool            // the file has limits alone
	trial   bool            // files beside it are not read: they are the same however a mistake is mended
	allowed []string        // names of the environment that may be read
	shared  *expr.Scope     // the environment
	data    *expr.Scope     // and data, and what setup captures
	hosts   *grammar.Value  // hosts of the file
	named   map[string]bool // those that steps name
	// explained are names that are known elsewhere in the file, with why they are not here and what to write.
	explained map[string]string
	envText   []byte // of the env_file; nil: none was read
	// hasSetup says whether the file has setup steps.
	hasSetup bool
	written  map[mistake.Pos]written // of steps and transactions, by their place
}

// unread are names that the mistakes of the file may have declared, each of which has its message. In
// search of a repair there are none: there, what follows from a mistake tells where it is.
func (b *builder) unread(v *grammar.Value, key string) []string {
	if b.trial {
		return nil
	}
	return v.MayDeclare(key)
}

// guess adds unread names to a scope that does not know them.
func (b *builder) guess(s *expr.Scope, v *grammar.Value, key string) *expr.Scope {
	for _, name := range b.unread(v, key) {
		if !s.Has(name) && !expr.Reserved(name) {
			s = s.With(name, expr.Any)
		}
	}
	return s
}

// written is what messages say of a step or transaction.
type written struct {
	path  string // of its keys
	plain string // the name that the endpoint of a step would have without name:
}
