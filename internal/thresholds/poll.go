package thresholds

import (
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/expr"
)

// How a step polls where the file does not say.
const (
	pollEvery  = time.Second
	pollWithin = time.Minute
)

// poll reads until and what belongs to it.
func (b *builder) poll(answered *expr.Scope, v *grammar.Value) config.Poll {
	until := v.Get("until")
	if until == nil {
		for _, key := range []string{"every", "within"} {
			if k := v.Get(key); k != nil {
				b.Add(k.Pos, k.Path, "%s belongs to until; write until: 'body.state == \"done\"' too, or leave it out",
					key)
			}
		}
		return config.Poll{}
	}
	if k := v.Get("retry"); k != nil {
		b.Add(k.Pos, k.Path, "until sends the step again after a failure that may pass, too; leave retry out")
	}
	p := config.Poll{Until: b.condition(answered, until), Every: grammar.Or(v.Get("every"), pollEvery),
		Within: grammar.Or(v.Get("within"), pollWithin)}
	if p.Every >= p.Within {
		b.Add(until.Pos, until.Path, "every is not shorter than within, so that it is sent once; write a longer within")
	}
	return p
}
