package history

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/baseline"
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

// encode makes the file of a run, and says how many bytes of it are the head.
func encode(run baseline.Run, r *result.Result) (text []byte, front int, err error) {
	behind, err := member(func(w io.Writer) error {
		if err := r.Encode(w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "}\n")
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	about, err := json.Marshal(head{Schema, run, int64(len(behind))})
	if err != nil {
		return nil, 0, err
	}
	ahead, err := member(func(w io.Writer) error {
		_, err := io.WriteString(w, strings.TrimSuffix(string(about), "}")+headEnd)
		return err
	})
	return append(ahead, behind...), len(ahead), err
}

// member returns a gzip member with what write writes.
func member(write func(io.Writer) error) ([]byte, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	err := errors.Join(write(zip), zip.Close())
	return out.Bytes(), err
}

// decoded is what was read of a file.
type decoded struct {
	run    baseline.Run
	front  int // how many bytes are the head
	result *result.Result
}

// decode reads a file of size bytes: its head, and with whole its result.
func decode(file io.Reader, size int64, id string, whole bool) (d decoded, err error) {
	counted := &counter{r: file}
	in := bufio.NewReader(counted)
	text, err := open(in, largestHead)
	if err != nil {
		return d, err
	}
	h, err := parse(text)
	if err != nil {
		return d, err
	}
	if err := check(h.Run, id); err != nil {
		return d, err
	}
	d.run, d.front = h.Run, int(counted.n)-in.Buffered()
	switch behind := size - int64(d.front); {
	case behind < h.Bytes:
		return d, errCut
	case behind > h.Bytes:
		return d, errDamaged
	}
	if whole {
		d.result, err = decodeResult(in, h.Run)
	}
	return d, err
}

// decodeResult reads the second member, which is the result of the run.
func decodeResult(in *bufio.Reader, run baseline.Run) (*result.Result, error) {
	text, err := open(in, result.MaxDocument)
	if err != nil {
		return nil, err
	}
	text, closed := bytes.CutSuffix(text, []byte("}\n"))
	if !closed {
		return nil, errDamaged
	}
	r, err := result.Decode(bytes.NewReader(text), run.ID)
	if err != nil {
		var only schemaOnly
		if json.Unmarshal(text, &only) == nil && only.Schema != result.Schema {
			return nil, checkSchema(only.Schema, result.Schema)
		}
		return nil, errDamaged
	}
	if r.Digest != run.Digest || !r.Started.Equal(run.Started) {
		return nil, errDamaged
	}
	return r, nil
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
