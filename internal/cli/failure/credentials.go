package failure

import (
	"regexp"

	"github.com/loadgate/loadgate/internal/safetext"
)

var (
	// Up to the last @ of a word: a password that was not escaped may hold others.
	beforeHost = regexp.MustCompile(`(?i)\b(postgres(?:ql)?|s3)://[^\s"]*:[^\s"]*@`)
	// The beginning of a location whose end was cut off, and maybe its @.
	cutOff    = regexp.MustCompile(`(?i)\b(postgres(?:ql)?|s3)://[^\s"]*` + safetext.Cut)
	parameter = regexp.MustCompile(`(?i)([?&](?:ssl)?password=)[^\s"&]*`)
	// A bucket has no parameters: whatever was meant is not shown.
	query = regexp.MustCompile(`(?i)\b(s3://[^\s"?]*\?)[^\s"]*`)
)

// withoutCredentials is an error with a text of its own.
type withoutCredentials struct {
	error
	text string
}

func (e withoutCredentials) Error() string { return e.text }
func (e withoutCredentials) Unwrap() error { return e.error }

// WithoutCredentials is an error whose text has no passwords of locations that were typed, such as one at a place where
// none is expected. All else of it stays.
func WithoutCredentials(err error) error {
	if err == nil {
		return nil
	}
	text := beforeHost.ReplaceAllString(err.Error(), "$1://***@")
	text = cutOff.ReplaceAllString(text, "$1://***"+safetext.Cut)
	text = query.ReplaceAllString(parameter.ReplaceAllString(text, "$1***"), "$1***")
	if text == err.Error() {
		return err
	}
	return withoutCredentials{err, text}
}
