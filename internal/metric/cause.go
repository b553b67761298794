package metric

import "fmt"

// Cause says more about a failure than its kind, where that changes how a run is judged.
// The zero value says nothing more.
type Cause uint8

// The causes. A redirect that was not followed and has none of them leads elsewhere.
const (
	NoCause           Cause = iota
	OwnMachine              // the generator's machine had no descriptor or port left
	LargeHead               // the answer's head is larger than clients take
	RedirectCircle          // redirects lead back to where they came from
	RedirectChain           // redirects lead on and on
	RedirectNowhere         // a redirect names no place
	RedirectForbidden       // a redirect leads to a host that is not on the allow list
	RedirectBroken          // a redirect leads to what is no URL, or to another scheme
)

var causeNames = [...]string{
	"", "own-machine", "large-head", "redirect-circle", "redirect-chain", "redirect-nowhere",
	"redirect-forbidden", "redirect-broken",
}

// String is the name used in every output.
func (c Cause) String() string {
	if int(c) < len(causeNames) {
		return causeNames[c]
	}
	return fmt.Sprintf("Cause(%d)", uint8(c))
}

// MarshalText writes the name.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a name that MarshalText wrote. A name that a later version writes says
// nothing more.
func (c *Cause) UnmarshalText(text []byte) error {
	*c = NoCause
	for i, name := range causeNames {
		if name == string(text) {
			*c = Cause(i)
		}
	}
	return nil
}
