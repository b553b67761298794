package result

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	in := bufio.NewReaderSize(io.LimitReader(r, MaxDocument+1), 64<<10)
	head, err := in.Peek(len(journalMark))
	if err != nil && len(bytes.TrimSpace(head)) == 0 {
		return nil, fmt.Errorf("read result %s: the file is empty", filename)
	}
	var doc *Result
	if string(head) == journalMark {
		doc, err = readJournal(in)
	} else {
		doc, err = readDocument(in)
	}
	if err != nil {
		return nil, fmt.Errorf("read result %s: %w", filename, err)
	}
	if err := doc.Check(); err != nil {
		return nil, fmt.Errorf("read result %s: %w", filename, err)
	}
	return doc, nil
}

func readDocument(in io.Reader) (*Result, error) {
	decoder := json.NewDecoder(in)
	var doc Result
	if err := decoder.Decode(&doc); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errors.New("the document is cut off; judge the journal beside it instead")
		}
		return nil, fmt.Errorf("not a loadgate result: %w", err)
	}
	if err := checkSchema(doc.Schema, Schema); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a loadgate result: text after the document")
	}
	return &doc, nil
}

// checkSchema accepts the one version there is, and tells a newer one from
// something else.
func checkSchema(got, want string) error {
	name, _, _ := strings.Cut(want, "/")
	switch {
	case got == want:
		return nil
	case strings.HasPrefix(got, name+"/"):
		return fmt.Errorf("schema %q is newer than this loadgate, which reads %q; update loadgate", got, want)
	}
	return fmt.Errorf("not a loadgate result: schema %q, want %q", got, want)
}
