package wording

import "github.com/loadgate/loadgate/internal/reason"

// words are the templates of a code (see fill). They are parts of sentences: lower case, without
// a full stop.
type words struct {
	title string // a cause's, a few words
	says  string // what was found, never without its figures
	todo  string // what to do about it; empty where nothing is to be done
	brief string // of says, for where there is no room; empty: its first clause
	many  string // of many checks at once, without the figures of one; empty: what it says of one
}

// table is the words of some codes.
type table map[reason.Code]words
