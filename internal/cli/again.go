package cli

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/plan"
)

// loading are the flags that decide what is sent, and to whom.
var loading = [...]string{
	"a", "a-cmd", "at-least", "b", "b-cmd", "demo", "from", "host", "no-try", "pace", "pairs", "precision", "profile", "rate", "run-time", "shard",
	"slice", "spawn-rate", "start", "step", "to", "users", "within",
}

// again is the command that makes a run again, word by word: the flags that
// decide the load, and the seed it had. Secrets are masked, and credentials of
// URLs left out.
func again(command, file string, flags *pflag.FlagSet, p *plan.Plan) []string {
	words := []string{"loadgate", command, file}
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains(loading[:], f.Name) {
			return
		}
		value := f.Value.String()
		if u, err := url.Parse(value); err == nil && u.User != nil {
			u.User = nil
			value = u.String()
		}
		word := "--" + f.Name
		if f.Value.Type() != "bool" || value != "true" {
			word += "=" + p.Spec.Mask(value)
		}
		words = append(words, word)
	})
	return append(words, fmt.Sprintf("--seed=%d", p.Seed))
}
