package history

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/result"
)

// Schema names the version of a file. It is a JSON document in two gzip members,
// which any tool reads as one: {"schema": …, "run": …, "result_bytes": N,
// "result": is the first, the result and its } the second, N bytes long. So a
// list reads no results, and still sees a file that is cut off.
const Schema = "loadgate.history/1"

// largestHead is the most bytes of a head: thousands of endpoints.
const largestHead = 16 << 20

// head is the first member, closed to be a document.
type head struct {
	Schema string       `json:"schema"`
	Run    baseline.Run `json:"run"`
	Bytes  int64        `json:"result_bytes"`
}

const headEnd = ",\n\"result\":"

func encode(run baseline.Run, r *result.Result) ([]byte, error) {
	behind, err := member(func(w io.Writer) error {
		if err := r.Encode(w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "}\n")
		return err
	})
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(head{Schema, run, int64(len(behind))})
	if err != nil {
		return nil, err
	}
	front, err := member(func(w io.Writer) error {
		_, err := io.WriteString(w, strings.TrimSuffix(string(text), "}")+headEnd)
		return err
	})
	return append(front, behind...), err
}

// member returns a gzip member with what write writes.
func member(write func(io.Writer) error) ([]byte, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	err := errors.Join(write(zip), zip.Close())
	return out.Bytes(), err
}

// readHead reads the first member of a run's file.
func (s *Store) readHead(id string) (baseline.Run, error) {
	run, _, err := s.read(id, false)
	return run, err
}

// readRun reads all of a run's file.
func (s *Store) readRun(id string) (baseline.Run, *result.Result, error) { return s.read(id, true) }

func (s *Store) read(id string, whole bool) (run baseline.Run, r *result.Result, err error) {
	path := s.path(id + runSuffix)
	defer func() {
		if err != nil {
			err = fmt.Errorf("run %s is not used: %w", path, withoutPath(err))
		}
	}()
	f, err := regular.Open(path)
	if err != nil {
		return run, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return run, nil, err
	}
	return decode(f, info.Size(), id, whole)
}

// decode reads a file of size bytes: its head, and with whole its result.
func decode(file io.Reader, size int64, id string, whole bool) (run baseline.Run, r *result.Result, err error) {
	counted := &counter{r: file}
	in := bufio.NewReader(counted)
	text, err := open(in, largestHead)
	if err != nil {
		return run, nil, err
	}
	h, err := parse(text)
	if err != nil {
		return run, nil, err
	}
	if err := check(h.Run, id); err != nil {
		return run, nil, err
	}
	switch behind := size - (counted.n - int64(in.Buffered())); {
	case behind < h.Bytes:
		return run, nil, errCut
	case behind > h.Bytes:
		return run, nil, errDamaged
	}
	if !whole {
		return h.Run, nil, nil
	}
	text, err = open(in, result.MaxDocument)
	if err != nil {
		return run, nil, err
	}
	text, closed := bytes.CutSuffix(text, []byte("}\n"))
	if !closed {
		return run, nil, errDamaged
	}
	if r, err = result.Decode(bytes.NewReader(text), id); err != nil {
		var only schemaOnly
		if json.Unmarshal(text, &only) == nil && only.Schema != result.Schema {
			return run, nil, checkSchema(only.Schema, result.Schema)
		}
		return run, nil, errDamaged
	}
	if r.Digest != h.Run.Digest || !r.Started.Equal(h.Run.Started) {
		return run, nil, errDamaged
	}
	return h.Run, r, nil
}

// schemaOnly is read from a document first: in a newer schema the same keys may mean other
// things.
type schemaOnly struct {
	Schema string `json:"schema"`
}

// counter counts the bytes that are read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// open unzips one member, whose text has at most that many bytes.
func open(in *bufio.Reader, most int64) ([]byte, error) {
	zip, err := gzip.NewReader(in)
	if err != nil {
		return nil, unreadable(err)
	}
	zip.Multistream(false)
	text, err := io.ReadAll(io.LimitReader(zip, most+1))
	switch {
	case err != nil:
		return nil, unreadable(err)
	case int64(len(text)) > most:
		return nil, errForeign
	}
	return text, nil
}

// parse reads the text of the first member.
func parse(text []byte) (head, error) {
	body, ok := strings.CutSuffix(string(text), headEnd)
	if !ok {
		return head{}, errForeign
	}
	body += "}"
	var only schemaOnly
	if err := json.Unmarshal([]byte(body), &only); err != nil {
		return head{}, errDamaged
	}
	if err := checkSchema(only.Schema, Schema); err != nil {
		return head{}, err
	}
	var h head
	if err := json.Unmarshal([]byte(body), &h); err != nil {
		return head{}, errDamaged
	}
	return h, nil
}
