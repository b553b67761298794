package terminal

import (
	"strings"

	"github.com/loadgate/loadgate/internal/verdict"
)

// ink colours text with SGR sequences, or leaves it alone. It is the only
// place that writes an escape; text must be clean before it comes here.
type ink struct{ on bool }

const (
	sgrBold    = "1"
	sgrDim     = "2"
	sgrRed     = "1;31"
	sgrGreen   = "32"
	sgrYellow  = "33"
	sgrMagenta = "1;35"
	sgrReset   = "\x1b[0m"
)

func (k ink) paint(sgr, text string) string {
	if !k.on || text == "" {
		return text
	}
	return "\x1b[" + sgr + "m" + text + sgrReset
}

func (k ink) bold(text string) string { return k.paint(sgrBold, text) }

func (k ink) dim(text string) string { return k.paint(sgrDim, text) }

func (k ink) outcome(o verdict.Outcome, text string) string {
	sgr := map[verdict.Outcome]string{verdict.Pass: sgrGreen, verdict.Warn: sgrYellow,
		verdict.Fail: sgrRed, verdict.Inconclusive: sgrMagenta}[o]
	return k.paint(sgr, text)
}

// marked colours the sign that a text of an outcome begins with.
func (k ink) marked(o verdict.Outcome, text string) string {
	return k.outcome(o, sign(o)) + strings.TrimPrefix(text, sign(o))
}
