package secrets

import (
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// AsksToLogIn says whether a request of a path asks to be let in: all that it shows but the
// name of the user may be the secret.
func AsksToLogIn(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return naming.IsLogin(path) || codePath.MatchString(path)
}

// codePath is a path of a request that shows a code beside or after a login.
var codePath = regexp.MustCompile(`(?i)/[^/]*(unlock|verif(y|ication)|2fa|mfa|totp|otp|two[-_]?factor|passcode|` +
	`pass(word|wd)|challenge)[^/]*(/|$)`)

// AtLogin says whether a value at a login may be the secret, whatever it is called.
func AtLogin(key, v string) bool {
	return !NamesUser(key) && !publicName.MatchString(key) && !naming.IsNo(v) &&
		!strings.EqualFold(v, "true") && !strings.HasPrefix(v, "${ ")
}

var (
	// publicName are names at a login of what anybody may know.
	publicName = regexp.MustCompile(`(?i)^(grant_?type|scopes?|client_?id|response_(type|mode)|audience|resource|` +
		`(redirect|return|callback|next|back|continue|dest(ination)?|service|target)(_?(ur[il]|to|path))?|from|page|` +
		`lang(uage)?|locale|country|time_?zone|tz|remember(_?me)?|keep|stay|submit|action|do|op|cmd|operation|` +
		`operation_?name|query|variables|type|method|version|v|platform|os|browser|user_?agent|device_?(name|type|` +
		`model)?|` +
		`app(_?(name|version))?|model|source|utm_\w+|ref(errer)?|tenant|domain|org(anization)?|company|_|ts|` +
		`timestamp|` +
		`jsonrpc|id|format|display|prompt|ui_locales|acr_values|max_age|code_challenge_method|role|theme)$`)
	// userName is a name within credentials that says who somebody is.
	userName = regexp.MustCompile(
		`(?i)^(u|uid|user|user[_-]?(name|id)|j_username|usr|uname|log|login|identifier|nick(name)?|handle|phone|` +
			`mobile|tel|` +
			`e?mail|name|type|kind|method|` +
			`provider|realm|grant_?type)$`)
)

// NamesUser says whether a name within credentials says who somebody is.
func NamesUser(name string) bool { return userName.MatchString(name) }
