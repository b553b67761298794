package config

import (
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/expr"
)

// builder makes a Config of values. It goes on after a mistake to find the
// others, so that any part may be missing.
type builder struct {
	*mistake.List
	options Options
	config  *Config
	guessed int         // variables that were asked for and are not set, each time
	limits  bool        // the file has limits alone
	trial   bool        // files beside it are not read: they are the same however a mistake is mended
	allowed []string    // names of the environment that may be read
	shared  *expr.Scope // the environment
	data    *expr.Scope // and data
}
