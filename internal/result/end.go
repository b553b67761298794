package result

import "fmt"

var endNames = [...]string{Cut: "cut", Complete: "complete", Interrupted: "interrupted",
	Lost: "lost", Stopped: "stopped"}

// String is the name in the document.
func (e End) String() string {
	if int(e) < len(endNames) {
		return endNames[e]
	}
	return fmt.Sprintf("End(%d)", uint8(e))
}

// MarshalText writes the name.
func (e End) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads a name that MarshalText wrote.
func (e *End) UnmarshalText(text []byte) error {
	for i, name := range endNames {
		if name == string(text) {
			*e = End(i)
			return nil
		}
	}
	return fmt.Errorf("unknown end of a run %q", text)
}

// Worse returns the end that says less for a run of several shards: one shard
// that was cut short cuts the whole.
func (e End) Worse(other End) End {
	rank := [...]int{Complete: 0, Stopped: 1, Interrupted: 2, Cut: 3, Lost: 4}
	if rank[other] > rank[e] {
		return other
	}
	return e
}
