package scaffold

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

var (
	// ending are verbs at the end of a path that end or switch off what stands before
	// them; within a word they are nouns.
	ending = words(`end`, `off`, `power`, `leave`, `exit`, `quit`, `close`, `stop`, `halt`, `unpair`, `poweroff`)
	// oneself are parts of a path below which the account that is logged in is changed.
	oneself = words(`profile`, `account`, `user`, `settings?`, `preferences`, `prefs`, `subscription`, `membership`,
		`plan`, `myaccount`, `myprofile`, `mysettings`)
	// joining are parts behind one of those with which an account begins.
	joining = words(`register`, `registration`, `registrations`, `signup`, `create`, `new`, `join`, `auth`, `exists`,
		`available`, `availability`, `sessions?`, `oauth`, `sso`, `refresh`)
	// aPlace are parts of a path that name a place, and nobody's thing.
	aPlace = words(`auth`, `oauth`, `login`, `cart`, `basket`, `bag`, `wishlist`, `checkout`, `payment`, `session`,
		`sessions`, `new`, `import`, `export`, `bulk`, `batch`, `public`, `private`, `self`, `me`, `current`, `all`,
		`forms?`, `uploads?`, `drafts?`, `templates?`, `requests?`, `jobs?`, `events?`, `webhooks?`, `graphql`, `rpc`)
	// several are names of collections without an s.
	several = words(`people`, `children`, `staff`, `media`, `personnel`, `crew`, `data`)
	// numberedPlace is such a place with a number.
	numberedPlace = regexp.MustCompile(`(?i)^(v|ver|version|step|page|form|part|level|phase|stage|screen|oauth|` +
		`api|rest|saml|sha|md)[-_]?\d{1,3}(\.\d+)*$`)
	// version is a word with a small number, as in /form2.
	version = regexp.MustCompile(`^[A-Za-z]+\d{1,2}[a-z]?$`)
)

// belongsElse says whether a part of the path of a request that writes is likely the
// name of one thing, which the group did not make: of a collection, before a verb, or
// with digits in it. An answer would have told the id of what it made.
// ids are there where others were captured.
func belongsElse(parts []string, i int, ids bool) bool {
	part := parts[i]
	if part == "" || numberedPlace.MatchString(part) || space.MatchString(part) ||
		aPlace.MatchString(strings.ToLower(part)) {
		return false
	}
	first := i == 0 || parts[i-1] == "" || space.MatchString(parts[i-1])
	if strings.ContainsAny(part, "0123456789") && !scriptEnd.MatchString(part) &&
		!(first && version.MatchString(part)) {
		return true
	}
	next := ""
	if i+1 < len(parts) {
		next = parts[i+1]
	}
	if next == "" || i == 0 || reads(part) {
		return false
	}
	before := strings.ToLower(parts[i-1])
	if ids {
		return true
	}
	if space.MatchString(before) {
		return false
	}
	plural := len(before) > 2 && strings.HasSuffix(before, "s") && !strings.HasSuffix(before, "ss")
	if plural || several.MatchString(before) {
		return true
	}
	acts := deedOf(next) != "" || slices.ContainsFunc(wordsOf(next), func(w string) bool {
		return either.MatchString(w) || ending.MatchString(w)
	})
	return acts && before != "" && i+2 >= len(parts)
}

// ownPart says how a path names the account that it is sent with, and what of it is
// changed; empty: it does not.
func ownPart(path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i := 0; i+1 < len(parts); i++ {
		next := parts[i+1]
		one := strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(parts[i]))
		if !oneself.MatchString(one) || strings.ContainsAny(next, "{0123456789") || next == "" {
			continue
		}
		if isLogin("/"+next) || verbIn(next, joining, reading) != "" {
			continue
		}
		return parts[i] + "/" + next
	}
	return ""
}

var (
	// clauses are where a new part of a sentence begins.
	clauses = regexp.MustCompile(`[.;:!?,\n()]+|\s-\s|\b(?i:and|then|or)\b`)
	// opening are words of a sentence before its verb.
	opening = words(`this`, `the`, `an?`, `it`, `will`, `endpoints?`, `operations?`, `requests?`, `methods?`, `api`,
		`route`, `calls?`, `can`, `also`, `service`, `used`, `allows`, `lets?`, `admins?`, `immediately`, `\w+ly`)
)

// sentences are the verbs with which the parts of a description begin: "Deletes all
// expired users" says deletes.
func sentences(texts ...string) (verbs []string) {
	for _, text := range texts {
		for _, clause := range clauses.Split(text, 50) {
			words := strings.Fields(clause)
			was := false // "used to remove", and not "to remove it, …"
			for len(words) > 0 {
				word := strings.ToLower(strings.Trim(words[0], "*_`'\""))
				if !opening.MatchString(word) && !(was && word == "to") {
					break
				}
				was, words = true, words[1:]
			}
			if len(words) > 0 {
				verbs = append(verbs, words[0])
			}
		}
	}
	return verbs
}

// told is the word of a description's sentences that nobody can take back; empty:
// there is none.
func told(writing bool, texts ...string) string {
	for _, verb := range sentences(texts...) {
		word := undone(verb, false)
		if writing {
			word = cmp.Or(word, verbIn(verb, risky, acting))
		}
		if word != "" {
			return word
		}
	}
	return ""
}
