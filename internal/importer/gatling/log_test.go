package gatling_test

import (
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// A log that ends within a line was cut, whatever the line is of.
func TestTornLogs(t *testing.T) {
	const log = "RUN\tshop\tshop\t1795514400000\t \t3.9.5\nUSER\ts\tSTART\t1795514400000\n" +
		"REQUEST\t\ta\t1795514401000\t1795514401010\tOK\t \n"
	for _, tt := range []struct {
		last string
		torn bool
	}{
		{"", false},
		{"USER\ts\tEND\t1795514402000\n", false},
		{"USER\ts\tEND\t1795514402000", false},
		{"GROUP\tg\t1795514401000\t1795514401010\t10\tOK\n", false},
		{"ERROR\tno such key\t1795514401000\n", false},
		{"USER\ts\tE", true}, {"USER\ts\tEND\t17955144", true},
		{"REQUES", true}, {"U", true}, {"GROUP\tg\t1795514401000\t17955", true},
	} {
		_, err := importer.Decode(strings.NewReader(log+tt.last), "file", importer.Options{})
		if torn := err != nil && strings.Contains(err.Error(), "the file was cut"); torn != tt.torn ||
			err != nil && !torn {
			t.Errorf("%q: %v, want torn %t", tt.last, err, tt.torn)
		}
	}
}
