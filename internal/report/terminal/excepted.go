package terminal

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// excepted prints what is left out.
func (p *page) excepted(all []content.Excepted) {
	for i, x := range all {
		if i == 0 {
			p.line("")
		}
		p.hanging(p.ink.bold("EXCEPTED")+"  ", fmt.Sprintf("%s — %s; %s", x.NameList(), x.Why(),
			typeset.JoinNonEmpty(": ", x.From(), x.Measured)))
	}
}
