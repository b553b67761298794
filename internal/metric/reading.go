package metric

import (
	"fmt"

	"github.com/loadgate/loadgate/internal/unit"
)

// Kind says how the readings of a gauge are to be understood. The zero value is
// a level.
type Kind uint8

// The kinds of readings.
const (
	Level Kind = iota // each stands for itself
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
	return fmt.Errorf("%q is no kind of readings", text)
}

// OfReadings is the figure of a gauge that a limit holds for: what stands for
// its readings, such as p95, or nothing where there is one figure alone; in
// which unit; and on which side it is good. It is no metric of an endpoint:
// Parse does not know it.
func OfReadings(name string, u unit.Unit, better Side) Metric {
	return Metric{name: name, unit: u, better: better}
}
