package thresholds

import (
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// checkExceptions refuses exceptions that match nothing, that match only what the rule does
// not apply to, or that leave nothing of the rule. applies ignores the rule's exceptions.
func (b checker) checkExceptions(v *grammar.Value, known []config.Step,
	applies func(name string, start, transaction bool) bool, whose string) {
	var patterns []*grammar.Value
	for _, entry := range entries(v) {
		patterns = append(patterns, entry.Get("endpoint").List()...)
	}
	if len(patterns) == 0 || b.Under(v.Path) {
		return
	}
	for _, pattern := range patterns {
		before := b.Count()
		if b.pattern(pattern, known); b.Count() > before {
			continue
		}
		applied, name := false, ""
		b.everything(known, func(row string, start, transaction bool) {
			if config.Matches([]string{pattern.Text}, row, start, transaction) {
				applied, name = applied || applies(row, start, transaction), row
			}
		})
		if !applied {
			b.Add(pattern.Pos, pattern.Path, "%s does not apply to %s; leave the exception out",
				whose, mistake.Show(name))
		}
	}
	if b.Under(v.Path) {
		return
	}
	left := 0
	b.everything(known, func(row string, start, transaction bool) {
		if applies(row, start, transaction) && !config.Matches(texts(patterns), row, start, transaction) {
			left++
		}
	})
	if left == 0 {
		b.Add(v.Pos, v.Path, "leaves out all that %s applies to; keep something, or delete it", whose)
	}
}

// nothingCompared refuses an exception of everything in the baseline section,
// whatever endpoints and transactions there are: it would switch the comparison off.
func (b checker) nothingCompared(v *grammar.Value) {
	for _, entry := range entries(v) {
		for _, pattern := range entry.Get("endpoint").List() {
			if strings.Trim(pattern.Text, "*") == "" && !b.Under(v.Path) {
				b.Add(pattern.Pos, pattern.Path,
					"%q leaves out all that is compared; keep something, or leave the baseline section out",
					pattern.Text)
			}
		}
	}
}

func texts(list []*grammar.Value) []string {
	var all []string
	for _, v := range list {
		all = append(all, v.Text)
	}
	return all
}
