package board

import (
	"slices"

	"github.com/loadgate/loadgate/internal/htmlpage"
)

// Pages are all pages of a board, in an order that asks for each result once: those of a run follow each other, and
// those that show many runs come last, the overview at the very end.
func (b *Board) Pages() []Page {
	var all, last []Page
	for i := range b.series {
		s := &b.series[i]
		for at := range s.runs {
			all = append(all, b.runPage(s, at))
			if at > 0 {
				all = append(all, b.pairPage(s, at))
			}
		}
		last = append(last, Page{Path: s.path(), Document: func() htmlpage.Document { return b.seriesDocument(s) }})
	}
	return append(append(all, last...),
		Page{Path: ComparePath, Document: b.compareDocument}, Page{Path: IndexPath, Document: b.indexDocument})
}

// Page finds a page by its path; an empty path is the overview.
func (b *Board) Page(path string) (Page, bool) {
	if path == "" {
		path = IndexPath
	}
	all := b.Pages()
	at := slices.IndexFunc(all, func(p Page) bool { return p.Path == path })
	if at < 0 {
		return Page{}, false
	}
	return all[at], true
}
