package result

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// MaxDocument is the size above which a document is not read: some fifty
// times the largest that a run writes.
const MaxDocument = 256 << 20

// Encode writes the document as JSON: one line an endpoint's slot would be
// unreadable anyway, so it is compact.
func (r *Result) Encode(w io.Writer) error {
	out := bufio.NewWriter(w)
	if err := json.NewEncoder(out).Encode(r); err != nil {
		return err
	}
	return out.Flush()
}

// Decode reads a result document or a journal, whichever r holds. filename is
// for messages only. What it returns keeps every promise of Check.
func Decode(r io.Reader, filename string) (*Result, error) {
	doc, err := read(bufio.NewReaderSize(r, 64<<10))
	if err == nil {
		err = doc.Check()
	}
	if err != nil {
		return nil, fmt.Errorf("read result %s: %w", filename, err)
	}
	return doc, nil
}

// own begins with what names the version of a document or journal.
var own = regexp.MustCompile(`"(?:schema|journal)"\s*:\s*"loadgate\.`)

// Own says whether a file begins as a document or journal does, torn ones and
// empty ones among them; head is its first 512 bytes or more, or all of it.
func Own(head []byte) bool {
	text := string(head)
	torn := strings.HasPrefix(`{"schema":"loadgate.`, text) || strings.HasPrefix(journalMark+`"loadgate.`, text)
	return torn || own.Match(head)
}

var errEmpty = errors.New("the file is empty")

// read tells a journal from a document by how it begins: a journal that was
// torn within its first word is one too.
func read(in *bufio.Reader) (*Result, error) {
	head, err := in.Peek(len(journalMark))
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case len(head) == 0:
		return nil, errEmpty
	case strings.HasPrefix(journalMark, string(head)):
		return readJournal(in)
	}
	return readDocument(in)
}

func readDocument(in io.Reader) (*Result, error) {
	limited := &io.LimitedReader{R: in, N: MaxDocument + 1}
	decoder := json.NewDecoder(limited)
	var doc Result
	switch err := decoder.Decode(&doc); {
	case limited.N == 0:
		return nil, fmt.Errorf("not a loadgate result: larger than %d bytes", MaxDocument)
	case errors.Is(err, io.EOF):
		return nil, errEmpty
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errors.New("the document is cut off; judge the journal next to it instead")
	case newer(doc.Schema, Schema):
		// What else is wrong is no wonder then.
		return nil, checkSchema(doc.Schema, Schema)
	case err != nil:
		return nil, fmt.Errorf("not a loadgate result: %w", err)
	}
	if err := checkSchema(doc.Schema, Schema); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a loadgate result: text after the document")
	}
	doc.settle()
	return &doc, nil
}

// checkSchema accepts the one version there is, and tells a newer one from
// something else.
func checkSchema(got, want string) error {
	switch {
	case got == want:
		return nil
	case newer(got, want):
		return fmt.Errorf("schema %q is newer than this loadgate, which reads %q; update loadgate", got, want)
	}
	return fmt.Errorf("not a loadgate result: schema %q, want %q", got, want)
}

// newer says whether got is another version of want; there is none before the
// first.
func newer(got, want string) bool {
	name, _, _ := strings.Cut(want, "/")
	return got != want && strings.HasPrefix(got, name+"/")
}
