package harm

import (
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

var (
	// actionVerbs are verbs of doing that are hardly ever nouns: a GET whose path says
	// one acts, wherever it says it.
	actionVerbs = naming.OneOf(
		`pay`, `prepay`, `repay`, `buy`, `sell`, `donate`, `remit`, `redeem`, `exec`, `execute`, `eval`, `evaluate`,
		`invoke`, `trigger`, `cron`, `vote`, `upvote`, `downvote`,
		`unvote`, `approve`, `disapprove`, `accept`, `decline`,
		`unsub`, `optout`, `optin`, `kick`, `like`, `unlike`, `dislike`, `follow`, `unfollow`, `unfriend`, `befriend`,
		`subscribe`, `toggle`, `confirm`, `acknowledge`, `submit`, `enroll`, `unenroll`, `assign`, `unassign`,
		`reserve`, `unreserve`, `commit`, `finali[sz]e`, `fulfil`,
		`fulfill`, `dispatch`, `resolve`, `reopen`, `escalate`,
		`upgrade`, `downgrade`, `reindex`, `rebuild`, `regenerate`, `reprocess`, `requeue`, `retry`, `rerun`,
		`provision`, `register`, `add`, `insert`, `upsert`, `do`, `hangup`, `mark`, `unmark`, `dequeue`, `enqueue`,
		`exit`, `quit`, `bid`,
		`kaufen`, `bezahlen`, `acheter`, `payer`, `comprar`, `pagar`,
	)
	// endVerbs are verbs of doing that are nouns, too: they act at the end of a path,
	// behind what they act on.
	endVerbs = naming.OneOf(
		`start`, `run`, `end`, `close`, `stop`, `leave`, `place`, `complete`, `finish`, `apply`, `save`,
		`process`, `on`, `off`, `switch`, `pause`, `resume`, `skip`, `sync`, `refresh`, `import`, `update`, `set`,
		`share`, `ship`, `cast`, `claim`, `install`, `rotate`,
		`release`, `hold`, `renew`, `capture`, `move`, `increment`,
		`decrement`, `abort`, `halt`, `void`, `join`, `check(in|out)`, `ring`, `launch`, `build`, `mute`, `expire`,
	)
	// leadingVerbs are verbs of doing at the beginning of several words: set_state, addToCart.
	leadingVerbs = naming.OneOf(
		`set`, `make`, `create`, `update`, `save`, `change`, `put`,
		`post`, `place`, `start`, `run`, `stop`, `close`, `end`,
		`finish`, `complete`, `apply`, `move`, `switch`, `turn`, `leave`, `join`, `import`, `sync`, `process`,
		`refresh`, `reload`,
	)
	// nounEndings are words that turn a verb before them into a noun: start-page.
	nounEndings = naming.OneOf(
		`pages?`, `lists?`, `dates?`, `times?`, `screens?`, `histor(y|ies)`, `details?`, `forms?`, `infos?`, `status`,
		`results?`, `points?`, `users?`, `office`, `logs?`, `notes`,
		`matches`, `of`, `ups?`, `counts?`, `summary`, `ons?`, `polls?`, `menus?`, `here`, `it`,
	)
	// articles begin paths of what is written about things.
	articles = naming.OneOf(`docs?`, `help`, `wiki`, `guides?`, `faqs?`, `learn`, `tutorials?`, `manuals?`)
	// scriptEnd is the end of a name of a program.
	scriptEnd = regexp.MustCompile(`(?i)\.(php[0-9]?|do|action|aspx?|ashx|jspx?|cgi|pl|py|cfm|json|xml|html?)$`)
	// routeKeys are keys of a query whose value is a path.
	routeKeys = regexp.MustCompile(`(?i)^(_?route|r|_?controller|wc-ajax|ajax|endpoint|handler|q|p|page|path|` +
		`view|module|m|a)$`)
)

// ofGet is the verb of a path that a GET does: pay, users/5/kick, cart/add. Empty:
// it reads, as /votes and /runs do.
func ofGet(path, query string) string {
	parts := naming.PathParts(path)
	thing := false
	for i, part := range parts {
		part = scriptEnd.ReplaceAllString(part, "")
		if i == 0 && articles.MatchString(strings.ToLower(part)) {
			return ""
		}
		words := naming.Words(part)
		if word := actionIn(part); word != "" {
			return word
		}
		rest := parts[i+1:]
		atEnd := !slices.ContainsFunc(rest, func(p string) bool { return !naming.IsIDPart(p) })
		if len(words) == 1 && endVerbs.MatchString(words[0]) && atEnd && (thing || query != "") {
			return words[0]
		}
		thing = thing || !prefixPart.MatchString(part)
	}
	return ""
}

// actionIn is the verb of doing that a part of a path or a name begins with, or
// that ends it where its words are joined as names are.
func actionIn(part string) string {
	words := naming.Words(part)
	if len(words) == 0 || len(words) > 4 || naming.IsIDPart(part) ||
		len(words) > 1 && nounEndings.MatchString(words[1]) {
		return ""
	}
	for _, word := range []string{words[0], strings.Join(words[:min(2, len(words))], "")} {
		if actionVerbs.MatchString(word) {
			return word
		}
	}
	if len(words) == 1 {
		return ""
	}
	if leadingVerbs.MatchString(words[0]) {
		return words[0]
	}
	last := words[len(words)-1]
	if !strings.Contains(part, "-") && actionVerbs.MatchString(last) {
		return last
	}
	return ""
}

// ofGetQuery is the verb of doing that a part of a query says: ?action=buy,
// ?add-to-cart=5, ?route=checkout/confirm.
func ofGetQuery(key, v string) string {
	switch {
	case routeKeys.MatchString(key) && (strings.Contains(v, "/") || len(key) > 4):
		return ofGet("/"+strings.TrimLeft(v, "/"), "")
	case commands.MatchString(key):
		if word := actionIn(v); word != "" {
			return word
		}
		if words := naming.Words(v); len(words) == 1 &&
			(endVerbs.MatchString(words[0]) || leadingVerbs.MatchString(words[0])) {
			return words[0]
		}
	case naming.IsNo(v) && v != "":
	case len(naming.Words(key)) > 1 || actionVerbs.MatchString(strings.ToLower(key)):
		return actionIn(key)
	}
	return ""
}

// prefixPart is a part of a path that names no thing.
var prefixPart = regexp.MustCompile(
	`(?i)^(api|rest|v\d+(\.\d+)*|latest|stable|public|private|internal|admin|index|app|web|` +
		`(en|de|fr|es|it|nl|pt|pl|ru|ja|zh|ko|sv)(-[a-z]{2})?)$`)
