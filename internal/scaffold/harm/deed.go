package harm

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// deeds are verbs of requests that write and make nothing: they act on what is there, which is
// harmless where the group made it. A plural is a noun: POST /imports makes an import. What is no load
// even then is in irreversibleVerbs, riskyWords and actingVerbs.
var deeds = []struct {
	verbs     *regexp.Regexp
	anywhere  bool // in every part of a path: /sync/users, and not only at its end
	described bool // in a sentence, too; there others are nouns or say what is accepted
}{
	{naming.OneOf(
		`sync`, `resync`, `synchroni[sz]e`, `seed`, `reseed`, `reindex`, `rebuild`, `regenerate`, `recompute`,
		`recalculate`, `recalc`, `reprocess`, `reimport`, `re?populate`, `backfill`, `replace`, `reload`, `rerun`,
		`replay`, `requeue`, `redeploy`, `bootstrap`, `provision`, `reconcile`, `failover`, `trigger`, `execute`,
		`exec`, `blast`, `announce`, `remind`, `refund`, `charge`, `approve`, `disapprove`, `escalate`, `reopen`,
		`compact`, `repair`, `run`, `launch`, `dispatch`, `invoke`, `process`, `perform`, `ingest`, `retrain`,
		`recrawl`, `rescan`, `kickoff`, `redrive`, `retry`, `relaunch`,
	), true, true},
	{naming.OneOf(`start`, `begin`, `fire`, `continue`, `proceed`), true, false},
	{naming.OneOf(
		`import`, `pay`, `prepay`, `repay`, `vote`, `upvote`, `downvote`, `unvote`, `like`, `unlike`, `dislike`,
		`follow`, `befriend`, `assign`, `resolve`, `update`, `edit`, `modify`, `change`, `rename`, `toggle`,
		`patch`, `upsert`, `swap`, `adjust`, `move`, `transfer`, `redeem`, `increment`, `decrement`, `warm(up)?`,
		`optimi[sz]e`, `initiali[sz]e`, `ship`, `compile`, `crawl`, `scrape`, `train`, `finali[sz]e`, `enqueue`,
		`render`, `subtract`, `deduct`, `restock`,
	), false, true},
	{naming.OneOf(
		`accept`, `confirm`, `acknowledge`, `complete`, `finish`, `fulfill?`, `claim`, `push`, `mark`, `unmark`,
		`set`, `init`, `setup`, `install`, `refresh`, `apply`, `expire`, `pause`, `resume`, `skip`, `release`,
		`hold`, `poke`, `build`, `scan`, `commit`, `switch`, `turn`, `go`, `fetch`, `wake(up)?`, `ring`, `capture`,
	), false, false},
}

// deed is a word that one of the deeds is, also inflected where that is asked for; empty: it is none.
func deed(word string, anywhere, described bool) string {
	word = strings.ToLower(word)
	for _, d := range deeds {
		if anywhere && !d.anywhere || described && !d.described {
			continue
		}
		if d.verbs.MatchString(word) || described && slices.ContainsFunc(stems(word), d.verbs.MatchString) {
			return word
		}
	}
	return ""
}

// stems are what a verb of a sentence may be without its ending: syncs, overwrites, notifies, banning.
func stems(verb string) (all []string) {
	for _, ending := range []struct{ from, to string }{{"s", ""}, {"es", ""}, {"ies", "y"}, {"ing", ""}, {"ing", "e"}} {
		if stem, ok := strings.CutSuffix(verb, ending.from); ok {
			all = append(all, stem+ending.to)
		}
	}
	if stem, ok := strings.CutSuffix(verb, "ing"); ok && len(stem) > 3 && stem[len(stem)-1] == stem[len(stem)-2] {
		all = append(all, stem[:len(stem)-1])
	}
	return all
}

var (
	// makingWords are words of a name that says what is made, whatever else it says.
	makingWords = naming.OneOf(`create`, `add`, `insert`, `new`, `register`, `signup`, `submit`, `make`,
		`place`, `store`)
	// plannedWork are nouns that turn a verb before them into what is made: sync-jobs.
	plannedWork = naming.OneOf(`jobs?`, `runs?`, `tasks?`, `requests?`, `events?`, `rules?`, `logs?`, `schedules?`,
		`templates?`, `policies`, `configs?`, `orders`, `lists?`, `records?`)
	// startingVerbs are deeds that such work is done with: run-job makes no job.
	startingVerbs = naming.OneOf(`run`, `rerun`, `start`, `begin`, `launch`, `relaunch`, `trigger`, `execute`, `exec`,
		`dispatch`, `invoke`, `perform`, `process`, `reprocess`, `fire`, `retry`, `replay`, `requeue`, `kickoff`)
	// worksOn are the nouns behind such a verb that it is done to; others make a noun of it, as run-logs.
	worksOn = naming.OneOf(`jobs?`, `tasks?`, `requests?`, `events?`, `rules?`, `orders?`)
	// standing are nouns of what is there already, and which a POST changes.
	standing = naming.OneOf(`stock`, `inventory`, `balance`, `status`, `state`, `quota`, `availability`, `ranking`,
		`presence`, `visibility`, `ownership`, `pricing`)
	// incoming are parts of a path below which others tell the service what happened.
	incoming = regexp.MustCompile(`(?i)^(web[-_]?hooks?|hooks?|callbacks?|ipn)$`)
)

// RefuseDeed says why a request that writes is left to a person: it does something to what is there,
// by its path, its name or the sentences of its description, and nothing says that its group made
// that. Empty: nothing speaks against it.
func (a Target) RefuseDeed(method, path, name string, texts ...string) string {
	if !Writes(method) || a.Own {
		return ""
	}
	parts := naming.PathParts(path)
	for i, part := range parts {
		if word := deedOfPart(part, i == len(parts)-1, parts); word != "" {
			return fmt.Sprintf("its path says %q", word)
		}
		if incoming.MatchString(part) && (i+1 < len(parts) || !strings.HasSuffix(strings.ToLower(part), "s")) {
			return fmt.Sprintf("its path says %q", part)
		}
	}
	if word := deedOfName(name); word != "" {
		return fmt.Sprintf("its name says %q", word)
	}
	for _, verb := range leadingWords(texts...) {
		if word := deed(verb, false, true); word != "" {
			return fmt.Sprintf("its description says %q", word)
		}
	}
	return ""
}

// deedOfPart is the deed that a part of a path is, begins with or ends with.
func deedOfPart(part string, last bool, path []string) string {
	words := naming.Words(part)
	if len(words) == 0 || len(words) > 5 || makingWords.MatchString(words[0]) ||
		len(words) > 1 && plannedWork.MatchString(words[len(words)-1]) &&
			!(startingVerbs.MatchString(words[0]) && worksOn.MatchString(words[len(words)-1])) {
		return ""
	}
	if last && standing.MatchString(words[len(words)-1]) {
		return words[len(words)-1]
	}
	for _, word := range []string{words[0], words[len(words)-1]} {
		found := deed(word, !last, false)
		if found == "refresh" && slices.ContainsFunc(path, renews.MatchString) || len(path) == 1 && found == "refresh" {
			continue // of a token
		}
		if found != "" {
			return found
		}
	}
	return ""
}

// renews are parts of a path that renew what the sender shows.
var renews = regexp.MustCompile(`(?i)auth|token|session|jwt|login|sso`)

// deedOfName is the deed that a name of an operation or of a call says.
func deedOfName(name string) string {
	words := naming.Words(name)
	if slices.ContainsFunc(words, makingWords.MatchString) {
		return ""
	}
	for _, word := range words {
		if deed(word, false, true) != "" && deed(word, false, false) != "" {
			return word
		}
	}
	return ""
}
