package harm

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

var (
	// clauseEnd are where a new part of a sentence begins.
	clauseEnd = regexp.MustCompile(`[.;:!?,\n()]+|\s-\s|\b(?i:and|then|or)\b`)
	// fillerWords are words of a sentence before its verb.
	fillerWords = naming.OneOf(`this`, `the`, `an?`, `it`, `will`,
		`endpoints?`, `operations?`, `requests?`, `methods?`, `api`,
		`route`, `calls?`, `can`, `also`, `service`, `used`, `allows`, `lets?`, `admins?`, `immediately`, `\w+ly`)
)

// predicates are words behind a noun, and not behind a verb.
var predicates = naming.OneOf(`are`, `is`, `were`, `was`, `will`, `have`, `has`, `may`, `must`, `can`, `should`, `of`)

// Description is the word in a description that means something irreversible; empty:
// there is none.
func Description(writing bool, texts ...string) string {
	for _, verb := range leadingWords(texts...) {
		word := irreversible(verb, false)
		if writing {
			word = cmp.Or(word, naming.First(verb, riskyWords, actingVerbs))
			for _, stem := range stems(strings.ToLower(verb)) {
				if word == "" && (irreversible(stem, false) != "" || naming.First(stem, actingVerbs) != "") {
					word = verb
				}
			}
		}
		if word != "" {
			return word
		}
	}
	return ""
}

// leadingWords are the verbs with which the parts of a description begin: "Deletes all
// expired users" says deletes.
func leadingWords(texts ...string) (verbs []string) {
	for _, text := range texts {
		for _, clause := range clauseEnd.Split(text, 50) {
			words := strings.Fields(clause)
			was := false // "used to remove", and not "to remove it, …"
			for len(words) > 0 {
				word := strings.ToLower(strings.Trim(words[0], "*_`'\""))
				if !fillerWords.MatchString(word) && !(was && word == "to") {
					break
				}
				was, words = true, words[1:]
			}
			subject := len(words) > 1 && predicates.MatchString(words[1]) && strings.HasSuffix(words[0], "s")
			if len(words) > 0 && !subject { // "updates are sent" updates nothing
				verbs = append(verbs, words[0])
			}
		}
	}
	return verbs
}
