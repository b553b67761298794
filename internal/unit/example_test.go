package unit_test

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/unit"
)

// A quantity prints with as many digits as a reader needs.
func ExampleQuantity_String() {
	fmt.Println(unit.Of(141_370 * time.Microsecond))
	fmt.Println(unit.Quantity{Value: 0.9968, Unit: unit.Ratio})
	fmt.Println(unit.Quantity{Value: 1536, Unit: unit.Bytes})
	// Output:
	// 141ms
	// 99.68%
	// 1.5KiB
}

// A duration has to have a unit.
func ExampleParseDuration() {
	d, err := unit.ParseDuration("1.5s")
	fmt.Println(d, err)
	_, err = unit.ParseDuration("300")
	fmt.Println(err)
	// Output:
	// 1.5s <nil>
	// 300 has no unit; write 300ms or 300s
}
