package metric

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/unit"
)

// Kind says what the readings of a gauge mean. The zero value is a level.
type Kind uint8

// The kinds of readings.
const (
	Level Kind = iota // each reading is a value
	Ratio             // what one counter grew, of what others grew
	Rate              // what a counter grew in a second
	Total             // what a counter grew
)

var kindNames = [...]string{Level: "level", Ratio: "ratio", Rate: "rate", Total: "total"}

// String is the kind's name in every document.
func (k Kind) String() string { return kindNames[k&3] }

// MarshalText writes the name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a name.
func (k *Kind) UnmarshalText(text []byte) error {
	for i, name := range kindNames {
		if name == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not a kind of readings", text)
}

// OfReadings is the figure of a gauge that a limit applies to: name sums up its
// readings, such as p95, and is empty where there is only one figure; better is
// the side on which it is good. It is not a metric of an endpoint: Parse does not
// know it.
func OfReadings(name string, u unit.Unit, better Side) Metric {
	return Metric{name: name, unit: u, better: better}
}
