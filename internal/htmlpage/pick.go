package htmlpage

import "regexp"

// Pick is a table of two columns that a reader chooses out of many: the page's script fills it. The fragment of
// the page's address is the choice, #KEY,KEY.
type Pick struct {
	Columns []PickColumn `json:"-"` // the last two are chosen at first
	Rows    []PickRow    `json:"rows"`
}

// PickColumn is one that may be chosen.
type PickColumn struct {
	Key  string // in the address: letters, digits, dots and dashes
	Name string
}

// PickRow is a figure in every column.
type PickRow struct {
	Group  string    `json:"group"`
	Name   string    `json:"name"`
	Unit   Dimension `json:"unit"`
	Values Numbers   `json:"values"` // beside the columns; NaN: there is none
}

// pickKey is a key that an address can hold.
var pickKey = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*$`)

// Safe is the key, or none where an address cannot hold it.
func (c PickColumn) Safe() string {
	if !pickKey.MatchString(c.Key) {
		return ""
	}
	return c.Key
}
