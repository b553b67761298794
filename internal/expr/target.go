package expr

import (
	"errors"
	"net/url"
	"strings"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// AppendURL appends the text of a request target. Literal parts are copied;
// each value is percent-escaped, as part of a path segment before the first ?
// of the literal text, as part of a query after it. A value that would make
// its segment empty, "." or ".." is an error: no value changes the path's
// shape.
func (t *Template) AppendURL(dst []byte, env *Env) ([]byte, error) {
	w := targetWriter{dst: dst, segment: len(dst)}
	for i := range t.parts {
		p := &t.parts[i]
		if p.program == nil {
			if err := w.literal(p.text); err != nil {
				return w.dst, t.failed(w.filled, err)
			}
			continue
		}
		value, err := p.program.Eval(env)
		if err == nil {
			env.scratch, err = dynamic.AppendText(env.scratch[:0], value)
		}
		if err != nil {
			return w.dst, t.failed(i, err)
		}
		w.value(i, string(env.scratch))
	}
	if err := w.endSegment(); err != nil {
		return w.dst, t.failed(w.filled, err)
	}
	return w.dst, nil
}

// targetWriter knows where in the target it writes.
type targetWriter struct {
	dst     []byte
	segment int  // where the segment under way begins
	hasHole bool // a value is part of it
	filled  int  // the part that the value came from
	query   bool
}

func (w *targetWriter) literal(text string) error {
	if w.query {
		w.dst = append(w.dst, text...)
		return nil
	}
	for text != "" {
		i := strings.IndexAny(text, "/?")
		if i < 0 {
			w.dst = append(w.dst, text...)
			return nil
		}
		w.dst = append(w.dst, text[:i]...)
		if err := w.endSegment(); err != nil {
			return err
		}
		w.dst = append(w.dst, text[i])
		w.segment = len(w.dst)
		if text[i] == '?' {
			w.query = true
			w.dst = append(w.dst, text[i+1:]...)
			return nil
		}
		text = text[i+1:]
	}
	return nil
}

func (w *targetWriter) value(i int, text string) {
	if w.query {
		w.dst = append(w.dst, url.QueryEscape(text)...)
		return
	}
	w.hasHole, w.filled = true, i
	w.dst = append(w.dst, url.PathEscape(text)...)
}

func (w *targetWriter) endSegment() error {
	if w.query || !w.hasHole {
		return nil
	}
	w.hasHole = false
	switch string(w.dst[w.segment:]) {
	case "":
		return errors.New("the value is empty, and the path would be another one")
	case ".", "..":
		return errors.New("the value is only dots, and the path would be another one")
	}
	return nil
}
