package github

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/typeset"
)

// excepted is what is left out.
func (p *markdownPage) excepted(v content.View) {
	var lines []string
	for _, x := range v.Excepted {
		lines = append(lines, fmt.Sprintf("- %s — %s; %s\n", typeset.Prose(x.NameList(), markdownName),
			typeset.Prose(x.Why(), markdownNote),
			typeset.Prose(typeset.JoinNonEmpty(": ", x.From(), x.Measured), markdownNote)))
	}
	p.lines(mostProblems, "\n**Excepted**\n\n", lines)
}
