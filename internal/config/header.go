package config

import (
	"fmt"
	"strings"
)

// is says whether a header has a name, in any case.
func (h Header) is(name string) bool { return strings.EqualFold(h.Name, name) }

// checkHeaderValue refuses what would end a header line.
func checkHeaderValue(text string) error {
	for _, r := range text {
		if r < ' ' && r != '\t' || r == 0x7f {
			return fmt.Errorf("the header value holds %q; write it on one line, without control characters", r)
		}
	}
	return nil
}
