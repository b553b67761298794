package numeral

import (
	"strings"
	"time"
)

// Time is a time in JSON, as in RFC 3339; null and empty text are the zero value.
type Time struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (i *Time) UnmarshalJSON(text []byte) error {
	bare := strings.Trim(string(text), `"`)
	if bare == "" || bare == "null" {
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, bare)
	if err != nil {
		return Refuse("%.40s is not a time", text)
	}
	i.Time = at
	return nil
}
