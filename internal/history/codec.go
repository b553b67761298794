package history

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/result"
)

// Schema names the version of a file. It is a JSON document in two gzip members,
// which any tool reads as one: {"schema": …, "run": …, "result_bytes": N,
// "result": is the first, the result and its } the second, N bytes long. So a
// list reads no results, and still sees a file that is cut off.
const Schema = "loadgate.history/1"

// largestHead is what a head may take: thousands of endpoints.
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

// member is a gzip member of what is written.
func member(write func(io.Writer) error) ([]byte, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	err := errors.Join(write(zip), zip.Close())
	return out.Bytes(), err
}

// head reads the first member of a run's file.
func (s *Store) head(id string) (baseline.Run, error) {
	run, _, err := s.read(id, false)
	return run, err
}

// whole reads all of it.
func (s *Store) whole(id string) (baseline.Run, *result.Result, error) { return s.read(id, true) }

func (s *Store) read(id string, whole bool) (run baseline.Run, r *result.Result, err error) {
	path := s.path(id + runSuffix)
	defer func() {
		if err != nil {
			err = fmt.Errorf("run %s is not used: %w", path, err)
		}
	}()
	f, err := os.Open(path)
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

// decode reads a file of so many bytes.
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
	if size-(counted.n-int64(in.Buffered())) != h.Bytes {
		return run, nil, errCut
	}
	if !whole {
		return h.Run, nil, nil
	}
	text, err = open(in, result.MaxDocument)
	if err != nil {
		return run, nil, err
	}
	r, err = result.Decode(bytes.NewReader(bytes.TrimSuffix(text, []byte("}\n"))), id)
	return h.Run, r, err
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

// open unzips one member of at most so many bytes.
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
	// A newer schema may mean other things by the same keys.
	var only struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal([]byte(body), &only); err != nil {
		return head{}, unreadable(err)
	}
	if err := checkSchema(only.Schema); err != nil {
		return head{}, err
	}
	var h head
	if err := json.Unmarshal([]byte(body), &h); err != nil {
		return head{}, unreadable(err)
	}
	return h, nil
}

// Why a file is not used.
var (
	errForeign = errors.New("it was not written by loadgate; take it away")
	errCut     = errors.New("it is cut off; take it away")
	errDamaged = errors.New("it is damaged; take it away")
)

// unreadable words what is wrong with a file that does not hold what it
// should.
func unreadable(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errCut
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return errDamaged
	}
	return fmt.Errorf("%w; take it away", err)
}

func checkSchema(schema string) error {
	name, _, _ := strings.Cut(Schema, "/")
	switch {
	case schema == Schema:
		return nil
	case strings.HasPrefix(schema, name+"/"):
		return fmt.Errorf("schema %q is newer than this loadgate, which reads %q; update loadgate", schema, Schema)
	}
	return errForeign
}

// check says what is wrong with a head: what passes can be compared without
// further care.
func check(run baseline.Run, id string) error {
	switch {
	case run.ID != id:
		return fmt.Errorf("it is of run %q, not of that in its name; take it away", run.ID)
	case run.Started.IsZero() || run.Digest == "":
		return errors.New("it does not say when it ran, or under which load; take it away")
	}
	for _, f := range run.Figures {
		if !(f.Value > 0) || math.IsInf(f.Value, 0) || !(f.Err >= 0) || math.IsInf(f.Err, 0) || f.Requests < 0 || f.Endpoint == "" {
			return fmt.Errorf("a %s of %q that cannot be; take it away", f.Metric.Name(), f.Endpoint)
		}
	}
	return nil
}
