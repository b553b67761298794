package thresholds

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// mostNamed is how many endpoints a warning names.
const mostNamed = 5

// trace builds trace, once the steps are there, and warns of those that it leaves alone.
func (b *builder) trace(v *grammar.Value) {
	if v == nil {
		return
	}
	b.config.Trace.Sample = grammar.Or(v.Get("sample"), grammar.DefaultSample)
	var header string
	var named []string
	for step := range b.config.Steps() {
		own := step.OwnTrace()
		if own == "" {
			continue
		}
		if header = own; !slices.Contains(named, step.Endpoint) {
			named = append(named, step.Endpoint)
		}
	}
	if named == nil {
		return
	}
	for i := range named {
		named[i] = mistake.Show(named[i])
	}
	more := ""
	if len(named) > mostNamed {
		named, more = named[:mostNamed], ", …"
	}
	b.warn(v, "the file's own header %s is sent as it is with %s: those requests get no other id, and no "+
		"report names their traces; leave the header out to sample them", header, strings.Join(named, ", ")+more)
}
