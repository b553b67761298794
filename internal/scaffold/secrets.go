package scaffold

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// keptHeader are the headers of a recording that are taken over: all others may
// hold a session, whatever they are called.
var keptHeader = regexp.MustCompile(`(?i)^(content-language|prefer|range|soapaction|x-requested-with|x-pjax|` +
	`x-inertia|turbo-frame|hx-(request|boosted|target|trigger|trigger-name)|(x-)?(api|accept)-version|` +
	`graphql-require-preflight|apollo-require-preflight)$`)

// Headers that a client adds by itself, or that are shown in another place.
var ownHeader = regexp.MustCompile(`(?i)^(:|sec-|accept-|if-|x-forwarded|x-real-ip|proxy-|access-control-|` +
	`(host|connection|content-length|content-type|cookie|cookie2|user-agent|origin|referer|` +
	`cache-control|pragma|upgrade|upgrade-insecure-requests|dnt|te|priority|authorization|accept|keep-alive|` +
	`transfer-encoding|expect)$)`)

var secretHeader = regexp.MustCompile(`(?i)(token|auth(orization)?([_-]|$)|csrf|xsrf|signature|cookie|` +
	`session([_-]?(id|key))?$|(^|[_-])(sid|sess|jwt)([_-]|$)|sessid|bearer)`)

var (
	// aToken is a JSON web token, whatever its name is.
	aToken = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}`)
	// aKey is how keys of well-known services begin.
	aKey = regexp.MustCompile(
		`(^|[^A-Za-z0-9])((sk|pk|rk)_(live|test)_|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|AKIA[0-9A-Z]{8}|` +
			`ya29\.|AIza[0-9A-Za-z_-]{8}|-----BEGIN )|^(Bearer|Basic|Digest) \S`)
	// secretIn is a text that speaks of a password or token.
	secretIn = regexp.MustCompile(`(?i)token|session|cookie|eyJ[A-Za-z0-9_-]{8}`)
	longText = regexp.MustCompile(`^[A-Za-z0-9._~+/=-]{16,}$`)
	aUUID    = regexp.MustCompile(`(?i)^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`)
	anAlnum  = regexp.MustCompile(`[A-Za-z0-9+=]+`)
)

// isSecret says whether a value opens a door, by its name or its form.
func isSecret(name, v string) bool {
	named := secretNamed(name) || isSecretHeader(name) && !noSecret.MatchString(name)
	return named && !isNo(v) || chance(name, v) || opens(v)
}

// speaks says whether a text says anywhere that it holds a password or token.
func speaks(text string) bool {
	return secretIn.MatchString(text) || slices.ContainsFunc(wordsOf(text), secretWord.MatchString) ||
		secretPart.MatchString(strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(text)))
}

// opens says whether a text opens a door by its form: a token, a key, or so much
// chance in one word that nobody wrote it.
func opens(v string) bool {
	if aToken.MatchString(v) || aKey.MatchString(v) || pays(v) || shows(v) {
		return true
	}
	if begin := strings.TrimSpace(v); strings.HasPrefix(begin, "{") || strings.HasPrefix(begin, "[") { // JSON in a text
		if gjson.Valid(begin) {
			return speaks(begin) || anyOpens(gjson.Parse(begin))
		}
	}
	if strings.ContainsAny(v, " \t\n") && len(v) > 60 || isUUID(v) {
		return false
	}
	for _, word := range alnumRuns(v) {
		if len(word) >= 16 && drawn(word) {
			return true
		}
	}
	return false
}

func anyOpens(v gjson.Result) (found bool) {
	if !v.IsObject() && !v.IsArray() {
		return v.Type == gjson.String && opens(v.Str)
	}
	v.ForEach(func(_, child gjson.Result) bool {
		found = anyOpens(child)
		return !found
	})
	return found
}

// drawn says whether a word looks as if it came from a generator: letters and
// digits, or small and capital ones, in turn.
func drawn(word string) bool {
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

// hexOnly is a text of hexadecimal digits: an id of a database more often than a
// key.
var hexOnly = regexp.MustCompile(`^[0-9a-fA-F-]+$`)

// capability are parts of a path behind which stands what opens it, as in a link
// that is shared or mailed.
var capability = words(
	`share`, `shared`, `sharing`, `s`, `invites?`, `invitations?`, `links?`, `magic`, `confirm`, `confirmation`,
	`verify`, `verification`, `activate`, `activation`, `reset`, `unsubscribe`, `optout`, `tokens?`, `secrets?`,
	`key`, `signed`, `public`, `private`, `guest`, `join`, `hooks?`, `webhooks?`, `callback`, `sessions?`, `auth`,
	`login`, `sso`, `oauth`, `ticket`,
)

// redacted says whether a part of a path behind another is a token, as in a link
// of a mail.
func redacted(before, part string) bool {
	if aToken.MatchString(part) || aKey.MatchString(part) || pays(part) || shows(part) ||
		len(part) >= 24 && !isHex(part) && opens(part) {
		return true
	}
	return slices.ContainsFunc(wordsOf(before), capability.MatchString) && len(part) >= 16 &&
		strings.ContainsAny(part, "0123456789") && isLongText(part)
}

// asksFor says whether a request of a path asks to be let in: all that it shows but the
// name of the user may open the door.
func asksFor(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return isLogin(path) || door.MatchString(path)
}

// door is a path of a request that shows a code beside or after a login.
var door = regexp.MustCompile(`(?i)/[^/]*(unlock|verif(y|ication)|2fa|mfa|totp|otp|two[-_]?factor|passcode|` +
	`pass(word|wd)|challenge)[^/]*(/|$)`)

// entrance says whether a value at a login may open the door, whatever it is called.
func entrance(key, v string) bool {
	return !namesUser(key) && !openly.MatchString(key) && !isNo(v) &&
		!strings.EqualFold(v, "true") && !strings.HasPrefix(v, "${ ")
}

// openly are names at a login of what anybody may know.
var openly = regexp.MustCompile(`(?i)^(grant_?type|scopes?|client_?id|response_(type|mode)|audience|resource|` +
	`(redirect|return|callback|next|back|continue|dest(ination)?|service|target)(_?(ur[il]|to|path))?|from|page|` +
	`lang(uage)?|locale|country|time_?zone|tz|remember(_?me)?|keep|stay|submit|action|do|op|cmd|operation|` +
	`operation_?name|query|variables|type|method|version|v|platform|os|browser|user_?agent|device_?(name|type|` +
	`model)?|` +
	`app(_?(name|version))?|model|source|utm_\w+|ref(errer)?|tenant|domain|org(anization)?|company|_|ts|timestamp|` +
	`jsonrpc|id|format|display|prompt|ui_locales|acr_values|max_age|code_challenge_method|role|theme)$`)

// isSecretHeader says whether a header is one whose value opens a door.
func isSecretHeader(name string) bool { return secretHeader.MatchString(name) }

// isUUID says whether a text is a UUID.
func isUUID(text string) bool { return aUUID.MatchString(text) }

// isHex says whether a text has hexadecimal digits and dashes alone.
func isHex(text string) bool { return hexOnly.MatchString(text) }

// isLongText says whether a text is long and without space, as nobody makes one up.
func isLongText(text string) bool { return longText.MatchString(text) }

// alnumRuns are the longest runs of letters and digits of a text.
func alnumRuns(text string) []string { return anAlnum.FindAllString(text, -1) }
