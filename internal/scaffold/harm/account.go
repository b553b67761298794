package harm

import (
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

var (
	// endingVerbs are verbs at the end of a path that end or switch off what is before
	// them; within a word they are nouns.
	endingVerbs = naming.OneOf(`end`, `off`, `power`, `leave`,
		`exit`, `quit`, `close`, `stop`, `halt`, `unpair`, `poweroff`)
	// accountParts are parts of a path below which the account that is logged in is changed.
	accountParts = naming.OneOf(`profile`, `account`, `user`, `settings?`,
		`preferences`, `prefs`, `subscription`, `membership`,
		`plan`, `myaccount`, `myprofile`, `mysettings`)
	// signUpParts are parts of a path after which an account is created.
	signUpParts = naming.OneOf(`register`, `registration`, `registrations`,
		`signup`, `create`, `new`, `join`, `auth`, `exists`,
		`available`, `availability`, `sessions?`, `oauth`, `sso`, `refresh`)
	// ownAccount are parts of a path that name the account which is logged in.
	ownAccount = regexp.MustCompile(`(?i)^(me|self|myself|mine|my|current|current[-_]?user|whoami|own)$`)
	// singletons are parts of a path that name what always exists.
	singletons = regexp.MustCompile(`(?i)^(settings?|preferences|prefs|config|configuration|profile|` +
		`maintenance([-_]?mode)?)$`)
)

// accountPart says how a path names the account of its sender, or the part that is
// changed; empty: it does not.
func accountPart(path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i := 0; i+1 < len(parts); i++ {
		next := parts[i+1]
		one := strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(parts[i]))
		if !accountParts.MatchString(one) || strings.ContainsAny(next, "{0123456789") || next == "" {
			continue
		}
		if naming.IsLogin("/"+next) || naming.First(next, signUpParts, readingWords) != "" {
			continue
		}
		return parts[i] + "/" + next
	}
	return ""
}
