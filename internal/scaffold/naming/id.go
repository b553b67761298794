package naming

import (
	"regexp"
	"strings"
)

var idName = regexp.MustCompile(`(?i)(^|_)id$|Id$`)

func IsID(name string) bool { return idName.MatchString(name) }

// anyIDName is the name of an id, or of several.
var anyIDName = regexp.MustCompile(`(?i)^(id|ids|_id|uuid|guid|pk)$|[_-](ids?|uuid|guid|pk)$|(Ids?|ID|IDs|Uuid|UUID)$`)

// IsAnyID says whether a name is one of an id, or of several.
func IsAnyID(name string) bool { return anyIDName.MatchString(name) }

// requestID are ids of the request itself, in whichever place.
var requestID = regexp.MustCompile(`(?i)^(x[_-])?(request|correlation|trace|span|idempotency|nonce|grant)` +
	`[_-]?(id|uuid)$`)

// NamesThing says whether a name is one of an id that something is found by, and
// not of the request itself.
func NamesThing(name string) bool { return IsAnyID(name) && !requestID.MatchString(name) }

// idPart is a part of a path that is one of many, by its form.
var idPart = regexp.MustCompile(`^([0-9]+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{24,28}|[0-9a-fA-F]{16,})$`)

// IsIDPart says whether a part of a path is an id: a number, or text that looks generated.
// Words joined by hyphens are not ids.
func IsIDPart(part string) bool {
	if idPart.MatchString(part) {
		return strings.ContainsAny(part, "0123456789")
	}
	for _, word := range AlphanumericRuns(part) {
		if len(word) >= 10 && LooksRandom(word) || len(word) >= 6 &&
			strings.ContainsAny(word, "0123456789") && strings.Trim(word, "0123456789") == "" {
			return true
		}
	}
	return false
}

// LooksRandom says whether a word looks as if it came from a generator: letters and
// digits, or small and capital ones, in turn.
func LooksRandom(word string) bool {
	turns, last := 0, 0
	for _, r := range word {
		kind := 0
		switch {
		case r >= '0' && r <= '9':
			kind = 1
		case r >= 'A' && r <= 'Z':
			kind = 2
		case r >= 'a' && r <= 'z':
			kind = 3
		}
		if last != 0 && kind != last {
			turns++
		}
		last = kind
	}
	return turns >= max(4, len(word)/6)
}

var uuid = regexp.MustCompile(`(?i)^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`)

// IsUUID says whether a text is a UUID.
func IsUUID(text string) bool { return uuid.MatchString(text) }

// hex is a text of hexadecimal digits: an id of a database more often than a
// key.
var hex = regexp.MustCompile(`^[0-9a-fA-F-]+$`)

// IsHex says whether a text has hexadecimal digits and dashes alone.
func IsHex(text string) bool { return hex.MatchString(text) }
