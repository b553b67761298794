package config

import (
	"time"

	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
)

// Poll is how a step is sent again and again until its answer says that something is done. The zero value sends it
// once.
type Poll struct {
	Until  *expr.Program // sees the answer; nil: the step is sent once
	Every  time.Duration // from an answer to the next request; above 0
	Within time.Duration // from the first request; above 0. The answer after which it would be over fails.
}

// How a step polls where the file does not say.
const (
	pollEvery  = time.Second
	pollWithin = time.Minute
)

// poll reads until and what belongs to it.
func (b *builder) poll(answered *expr.Scope, v *grammar.Value) Poll {
	until := v.Get("until")
	if until == nil {
		for _, key := range []string{"every", "within"} {
			if k := v.Get(key); k != nil {
				b.Add(k.Pos, k.Path, "%s belongs to until; write until: 'body.state == \"done\"' too, or leave it out",
					key)
			}
		}
		return Poll{}
	}
	if k := v.Get("retry"); k != nil {
		b.Add(k.Pos, k.Path, "until sends the step again after a failure that may pass, too; leave retry out")
	}
	p := Poll{Until: b.condition(answered, until), Every: grammar.Or(v.Get("every"), pollEvery),
		Within: grammar.Or(v.Get("within"), pollWithin)}
	if p.Every >= p.Within {
		b.Add(until.Pos, until.Path, "every is not shorter than within, so that it is sent once; write a longer within")
	}
	return p
}
