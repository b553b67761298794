package secrets

import (
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

var (
	// webToken is a JSON web token, whatever its name is.
	webToken = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}`)
	// serviceKey is how keys of well-known services begin.
	serviceKey = regexp.MustCompile(
		`(^|[^A-Za-z0-9])((sk|pk|rk)_(live|test)_|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|AKIA[0-9A-Z]{8}|` +
			`ya29\.|AIza[0-9A-Za-z_-]{8}|-----BEGIN )|^(Bearer|Basic|Digest) \S|^(Token|ApiKey) \S{6,}$`)
	longText = regexp.MustCompile(`^[A-Za-z0-9._~+/=-]{16,}$`)
)

// IsLong says whether a text is long and without spaces, as generated ones are.
func IsLong(text string) bool { return longText.MatchString(text) }

// secretIfRandom is a name that is one of a secret where its value is drawn by chance.
var secretIfRandom = naming.OneOf(
	`code`, `key`, `sig`, `sign`, `state`, `nonce`, `ticket`, `auth`, `hash`, `mac`, `assertion`, `verifier`,
	`challenge`, `access`, `sid`, `sess`, `t`, `k`, `s`, `p`, `st`, `private`, `priv`, `pass`, `kw`, `pattern`,
)

// IsRandom says whether a text is too long and too mixed to be a word, beside a
// name that says what it may be.
func IsRandom(name, v string) bool {
	if naming.NamesThing(name) || naming.IsUUID(v) || !oneWord.MatchString(v) {
		return false
	}
	if codeName.MatchString(name) && sixDigits.MatchString(v) {
		return true
	}
	if len(v) >= 12 &&
		slices.ContainsFunc(naming.Words(name), func(w string) bool { return w == "private" || w == "priv" }) {
		return true
	}
	mixed := strings.ContainsAny(v, "0123456789!#$%^*") &&
		strings.ContainsAny(strings.ToLower(v), "abcdefghijklmnopqrstuvwxyz")
	switch {
	case naming.IsHex(v):
		return mixed && (len(v) >= 32 || len(v) >= 16 &&
			slices.ContainsFunc(naming.Words(name), secretIfRandom.MatchString))
	case slices.ContainsFunc(naming.Words(name), secretIfRandom.MatchString):
		return mixed && len(v) >= 6
	}
	return false
}

// oneWord is a text without space, as what is drawn by chance.
var oneWord = regexp.MustCompile(`^[A-Za-z0-9._~+/=:!#$%&*?@^,;()|-]+$`)

var (
	// userInAddress is a name and a password in one, as in an address or beside a colon.
	userInAddress   = regexp.MustCompile(`://[^/\s:@]+:[^/\s@]+@`)
	userAndPassword = regexp.MustCompile(`^[\w.@+-]{2,}:([^\s:/]{6,})$`)
	// namedValue is a name and its value within a text, as in token=abc.
	namedValue = regexp.MustCompile(`(?:^|[\s;,?&"'({])([\pL_][\pL\pN_.-]*)=["']?([^\s;,&"'()]{3,})`)
)

// isStrong says whether a text has three of small and capital letters, digits and
// marks, as passwords have to.
func isStrong(v string) bool {
	kinds := 0
	for _, of := range []string{"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", "!#$%&*?@^"} {
		if strings.ContainsAny(v, of) {
			kinds++
		}
	}
	return kinds >= 3
}

// showsPassword says whether a text holds a name and its password, or a value whose name in
// the text is that of a secret.
func showsPassword(v string) bool {
	if userInAddress.MatchString(v) {
		return true
	}
	if m := userAndPassword.FindStringSubmatch(v); m != nil && isStrong(m[1]) {
		return true
	}
	return slices.ContainsFunc(namedValue.FindAllStringSubmatch(v, 50), func(m []string) bool {
		return (InName(m[1]) || IsHeader(m[1])) && !naming.IsNo(m[2]) &&
			!strings.HasPrefix(m[2], "$")
	})
}

// keyInText is a key or a web token anywhere in a text, to its end.
var keyInText = regexp.MustCompile(`(?:(?:sk|pk|rk)_(?:live|test)_|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-)` +
	`[A-Za-z0-9_-]{8,}|AKIA[0-9A-Z]{8,}|ya29\.[A-Za-z0-9_-]{8,}|AIza[0-9A-Za-z_-]{8,}|` +
	`eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)*`)

// removed takes the place of a key: a word that may be part of a name, a text and an expression.
const removed = "removed_secret"

// Remove is a text without the keys and tokens that are known by their form, wherever in it they are. It is the last
// look at what is written: a name or a comment may hold what no value does.
func Remove(text string) string { return keyInText.ReplaceAllLiteralString(text, removed) }
