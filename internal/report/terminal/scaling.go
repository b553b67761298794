package terminal

import (
	"strings"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// scaling prints what a search says of replicas, and the objects as they are to be copied.
func (p *page) scaling(s *content.Scaling) {
	if s == nil {
		return
	}
	p.line("")
	lead := p.ink.bold("REPLICAS") + "  "
	under := strings.Repeat(" ", typeset.Width(lead))
	p.hanging(lead, s.Text)
	if s.Remedy != "" {
		p.hanging(under+"→ ", s.Remedy)
	}
	for _, n := range s.Beside {
		p.hanging(under+"! ", n.Reason)
		p.hanging(under+"  → ", n.Remedy)
	}
	for _, o := range s.Objects {
		p.line("")
		p.line(p.ink.dim("# " + o.Kind))
		for line := range strings.Lines(o.YAML) {
			p.line(strings.TrimRight(line, "\n"))
		}
	}
}
