package secrets

import (
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// capability are parts of a path that a token follows, as in a link
// that is shared or mailed.
var capability = naming.OneOf(
	`share`, `shared`, `sharing`, `s`, `invites?`, `invitations?`, `links?`, `magic`, `confirm`, `confirmation`,
	`verify`, `verification`, `activate`, `activation`, `reset`, `unsubscribe`, `optout`, `tokens?`, `secrets?`,
	`key`, `signed`, `public`, `private`, `guest`, `join`, `hooks?`, `webhooks?`, `callback`, `sessions?`, `auth`,
	`login`, `sso`, `oauth`, `ticket`,
)

// InPath says whether a part of a path behind another is a token, as in a link
// of a mail.
func InPath(before, part string) bool {
	if webToken.MatchString(part) || serviceKey.MatchString(part) || IsPayment(part) || showsPassword(part) ||
		len(part) >= 24 && !naming.IsHex(part) && InValue(part) {
		return true
	}
	return slices.ContainsFunc(naming.Words(before), capability.MatchString) && len(part) >= 16 &&
		strings.ContainsAny(part, "0123456789") && IsLong(part)
}

var (
	// feeds are parts of a path below which a name that is drawn opens a private feed.
	feeds = naming.OneOf(`feeds?`, `ical`, `ics`, `calendars?`,
		`rss`, `atom`, `webcal`, `caldav`, `podcasts?`, `private`,
		`shared?`, `unlisted`, `embed`)
	feedEnd = regexp.MustCompile(`(?i)\.(ics|ical|rss|atom|vcf)$`)
)

// IsFeed says whether the last of the parts of a path opens a private feed.
func IsFeed(parts []string) bool {
	last := parts[len(parts)-1]
	below := slices.ContainsFunc(parts[:len(parts)-1], func(p string) bool {
		return slices.ContainsFunc(naming.Words(p), feeds.MatchString)
	})
	if !below && !feedEnd.MatchString(last) {
		return false
	}
	bare, _, _ := strings.Cut(last, ".")
	return slices.ContainsFunc(naming.AlphanumericRuns(bare), func(w string) bool {
		return len(w) >= 8 && naming.LooksRandom(w) && strings.ContainsAny(w, "0123456789")
	})
}
