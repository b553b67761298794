package cli

import "io"

// once writes each text once: what is written again as a whole is left out. It is
// not safe for concurrent use.
type once struct {
	to   io.Writer
	told map[string]bool
}

func (o *once) Write(text []byte) (int, error) {
	if o.told[string(text)] {
		return len(text), nil
	}
	o.told[string(text)] = true
	return o.to.Write(text)
}
