// Package htmlpage writes an HTML page from plain values: sections of findings,
// tables and charts, in one file that needs no network and runs nothing but its
// own script. Links lead to pages beside it. It knows HTML, its styles and its charts; it does not know what
// was measured, and decides nothing. Every text it is given is untrusted and
// appears on the page as text.
package htmlpage

// Document is a page. The zero value is an empty one.
type Document struct {
	Title    string // of the browser's tab
	Trail    []Link // above all: where the page belongs, and what is beside it
	Banner   Banner
	Facts    []Fact // below the banner
	Sections []Section
	Footer   string
	// Moments are what the charts over Dates stand on, oldest first.
	Moments []Moment
}

// Moment is a place on the axis of the charts over dates.
type Moment struct {
	At   int64  `json:"at"` // seconds since 1970, UTC
	Text string `json:"text"`
	Href Href   `json:"href"` // where a click on the place leads; may be none
}

// Banner is the first thing on the page: what it comes to.
type Banner struct {
	Tone Tone
	Word string // PASS
	Name string // of what was run
	Text string // why
}

// Fact is a labelled line.
type Fact struct{ Label, Text string }

// Section is a part of the page with a heading and an entry in the navigation.
type Section struct {
	ID    string // of the anchor: lower-case letters and dashes, unique on the page
	Title string
	Lead  string // a sentence or two below the heading; may be empty
	Parts []Part
}

// Part is one thing in a section: the field that is set.
type Part struct {
	Findings []Finding
	Folded   *Folded
	Table    *Table
	Charts   []Chart // side by side where there is room
	Panel    *Panel
	Facts    []Fact
	Code     string // to be copied
	Links    []Link
	Strip    *Strip
	Pick     *Pick
	Form     *Form
}

// Finding is one thing that did not pass, or should be known.
type Finding struct {
	Tone    Tone
	Word    string // FAIL
	Title   string // what was judged
	Subject string // what the finding is about; may be empty
	Figures []Fact // value, limit, requests
	Reason  string
	Remedy  string
	Place   string // file:line; may be empty
	Also    Also   // leads to more about it; without text there is none
	// Folded lists the findings that this one sums up; nil: it is a single one.
	Folded *Folded
}

// Also is a link with a label before it.
type Also struct {
	Label string
	Link
}

// Folded is findings that a click shows, where there are many.
type Folded struct {
	Summary  string
	Findings []Finding
}

// Panel is one endpoint: its figures in a line, its charts below.
type Panel struct {
	ID     string // of an anchor, as that of a section; may be empty
	Tone   Tone
	Word   string // the outcome; empty: none was decided
	Title  string
	Facts  []Fact
	Charts []Chart
	Table  *Table // below the charts; nil: none
}

// Table has a head and rows. With Sortable a click on a head sorts it.
type Table struct {
	Caption  string
	Sortable bool
	Columns  []Column
	Rows     []Row
	Foot     []Row // stay below the others however these are sorted
}

// Column is a head. Numbers stand at the right.
type Column struct {
	Name   string
	Title  string // explains it; may be empty
	Number bool
}

// Row is one row; it has a cell for each column.
type Row struct{ Cells []Cell }

// Cell is a text, and the number that it is sorted by.
type Cell struct {
	Text   string
	Sort   float64 // where Sorted
	Sorted bool    // false: it is sorted by its text, of a number column behind all others
	// Share draws a bar of this part of the column's width, in [0,1]; 0: none.
	Share float64
	Badge Tone // draws the text as a badge
	Small string
	Href  Href   // of Text, without badge and share
	Links []Link // behind it
	Spark *Spark // in place of Text
	Scale *Scale // draws a value beside its limit
}

// Scale is a value on a line, with its interval and its limit: places in [0,1] of the column's width.
type Scale struct {
	Low, Value, High float64
	Limit            float64
	Tone             Tone
}

// Text is a cell of words.
func Text(text string) Cell { return Cell{Text: text} }

// Number is a cell that is sorted by a number. One that is not finite has no place in the order.
func Number(text string, sort float64) Cell {
	return Cell{Text: text, Sort: sort, Sorted: finite(sort)}
}
