package htmlpage

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"sync"
)

// Points are the next point of each chart of a page, in the order of the charts: x, and a value for each
// series. A nil one adds nothing to its chart.
type Points []Numbers

// Fragment is the new content of a section.
type Fragment struct {
	ID   string `json:"id"`
	HTML string `json:"html"`
}

// Update is what has changed on a live page, in the form in which its script takes it. What is not set has
// not changed.
type Update struct {
	// At names the state of the page that the update leads to; the script hands it back to be sent what
	// came after that.
	At       string     `json:"at"`
	Reset    bool       `json:"reset,omitempty"` // empties the charts before the points
	Title    string     `json:"title,omitempty"`
	Banner   *Banner    `json:"banner,omitempty"`
	Facts    []Fact     `json:"facts,omitempty"`
	Points   []Points   `json:"points,omitempty"` // of moments, one after the other
	Sections []Fragment `json:"sections,omitempty"`
}

// Live says how a document becomes a live page. A live page has every section of its document, and hides
// those without parts until an update fills them.
type Live struct {
	At string // of the document
	// Events and Since are addresses on the page's own server, beginning with a slash: the stream of its
	// updates, and one update of all since a state, both with ?at=.
	Events, Since string
}

// WriteLive writes a document as a live page.
func WriteLive(w io.Writer, d Document, l Live) error { return write(w, d, &l) }

// HeaderPolicy is the part of a content security policy that a page cannot have in itself: that it may not be framed.
const HeaderPolicy = "frame-ancestors 'none'"

// LivePolicy is the content security policy of live pages, as a header.
func LivePolicy() (string, error) {
	a, err := load(true, true, true)
	return a.policy + "; " + HeaderPolicy, err
}

// fragments is the template of sections of live pages. It is parsed once: they are sent all the time, while a load
// is made.
var fragments = sync.OnceValues(func() (*template.Template, error) { return parse(texts{}, &Live{}) })

// Content is the inside of a section as HTML, for an Update. A section with charts is an error: a live page
// draws those that it had when it was written.
func Content(s Section) (string, error) {
	if len(s.Parts) == 0 {
		return "", nil
	}
	if len((Document{Sections: []Section{s}}).charts()) > 0 {
		return "", fmt.Errorf("section %s has charts, which cannot be sent", s.ID)
	}
	parsed, err := fragments()
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = parsed.ExecuteTemplate(&b, "inside", s)
	return b.String(), err
}
