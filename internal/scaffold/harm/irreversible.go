package harm

import (
	"cmp"
	"regexp"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

var (
	// irreversibleVerbs are words of requests that do something irreversible, or end a
	// session, whatever their content and method.
	irreversibleVerbs = naming.OneOf(
		`delet(e|es|ion|ions|ing)`, `eras(e|es|ure|ures|ing)`, `anonymi[sz](e|es|ation|ing)`,
		`pseudonymi[sz](e|ation)`, `archive`, `archival`, `purg(e|es|ing)`, `clean(up|se|ing)?`,
		`deactivat(e|es|ion|ing)`, `disabl(e|es|ing)`, `reset(s|ting)?`, `send(s|ing)?`, `resend`,
		`clear(s|ing)?`, `revok(e|es|ing)`, `revocation`, `(log|sign)(out|off)`, `remov(e|es|al|ing)`,
		`destroy(s|ing)?`, `drop`, `wip(e|es)`, `truncate`, `terminat(e|es|ion)`, `cancel(s|lation|ation)?`,
		`unsubscribe`, `unregister`, `deregister`, `invalidate`, `shutdown`, `restart`, `reboot`, `kill`,
		`flush`, `forget`, `del`, `rm`, `rmdir`, `trash`, `expunge`, `nuke`, `prune`, `evict`,
		`shred(s|ding)?`, `scrub(bing)?`, `obliterat(e|es|ing)`, `nullif(y|ies)`, `decommission(s|ing)?`,
		`deprovision(s|ing)?`, `retir(e|es|ing)`, `discard(s|ing)?`,
		`eject(s|ing)?`, `expel(s|ling)?`, `kick`, `reject`,
		`rejecting`, `undo`, `rotat(e|es|ing)`, `annihilate`, `annul`, `rescind`, `dissolve`, `disband`, `demolish`,
		`liquidate`, `dismiss`, `dispose`, `zap`, `oust`, `banish`, `quarantine`, `deauthori[sz]e`, `deallocate`,
		`unassign`, `unshare`, `unenroll`, `unfriend`, `unfollow`, `delist`, `deny`, `decline`, `revert`, `exterminate`,
		`vacuum`, `unsub`, `optout`, `hangup`, `wipeout`, `abolish`, `dequeue`,
		// of other languages
		`l(ö|oe)sch(e|en|t)`, `entfern(e|en)`, `supprim(e|er)`, `effac(e|er)`, `elimin(a|ar|are|er)`,
		`borrar?`,
		`cancella(re)?`, `verwijder(en)?`, `wissen`, `apagar`, `excluir`, `usu[nń]`, `usuwanie`, `slett`,
		`radera`,
	)
	// pastTense are words of what was undone before: /deleted-items reads.
	pastTense = naming.OneOf(
		`deleted`, `erased`, `anonymi[sz]ed`, `archived`, `purged`, `deactivated`, `disabled`, `cleared`, `revoked`,
		`removed`, `destroyed`, `dropped`, `truncated`, `terminated`, `cancell?ed`, `unsubscribed`,
	)
	// riskyWords are such words of requests that write; a GET such as /transfers reads.
	riskyWords = naming.OneOf(
		`archiv(es|ing)`, `expire`, `gdpr`, `retention`, `password`, `passwd`, `passphrase`, `forgot`,
		`invit(es|ation|ations)`, `notif(ies|ication|ications)`, `transfer`, `refund`, `charge`,
		`payout`, `merge`, `bulk`, `batch`, `mfa`,
		`2fa`, `totp`, `emergency`, `close`, `stop`, `halt`, `abort`, `void`, `freeze`, `mute`, `blacklist`,
		`upgrade`, `downgrade`, `quit`, `exit`, `unregister`, `confiscate`, `suspend`, `seize`,
	)
	// joinedWords are such words joined with others: deleteall, batchdelete. Those of the
	// first line need no known word next to them.
	joinedWords = regexp.MustCompile(`^(delete|purge|erase|destroy|truncate|deactivate|anonymi[sz]e|unsubscribe)` +
		`|^(remove|revoke|terminate|disable|cancel)([^drl]|l[^e])` +
		`|(delete|purge|erase|destroy|truncate|deactivate|remove|revoke)$` +
		`|^(del|rm|drop|clear|clean|reset|wipe|kill|flush|archive|trash|nuke|send)` + objectNoun + `$` +
		`|^` + objectNoun + `(del|drop|clear|clean(up)?|reset|wipe|kill|flush|logout|cancel|archive)$`)
)

// objectNoun is what such a word is said of, in one word with it.
const objectNoun = `(all|any|every|everything|many|multiple|batch|bulk|mass|selected|old|temp|by|byid|one|factory|` +
	`soft|hard|force|` +
	`(cache|user|item|account|record|row|file|folder|dir|session|token|log|entr(y|ie)|history|cart|` +
	`basket|queue|table|image|photo|` +
	`message|mail|email|order|post|comment|product|data|database|db|password|index|group|member|` +
	`role|tag|note|task|job|key|doc|` +
	`document|page|customer|client|device|event|project|team|subscription|address|book|article|` +
	`categor(y|ie)|object|resource|` +
	`node|list|settings?|state|counter|stat)e?s?)`

// irreversible is the word in a text that means something irreversible, alone or joined
// with others; empty: there is none. Words that undo something count only where a
// request writes.
func irreversible(text string, writing bool) string {
	if word := naming.First(text, irreversibleVerbs); word != "" {
		return word
	}
	for _, word := range naming.Words(text) {
		switch {
		case pastTense.MatchString(word):
			if writing {
				return word
			}
		case joinedWords.MatchString(word):
			return word
		}
	}
	return ""
}

// actingVerbs are such words that are no nouns: where the last part of a path begins
// with one, a GET does it, too.
var actingVerbs = naming.OneOf(
	`suspend`, `unsuspend`, `ban`, `unban`, `block`, `unblock`, `lock`, `unlock`,
	`disconnect`, `unlink`, `detach`, `uninstall`, `rollback`, `restore`, `migrate`, `overwrite`, `invite`,
	`notify`, `broadcast`, `publish`, `unpublish`, `deploy`, `impersonate`, `withdraw`, `reassign`,
	`enabl(e|es)`, `activate`, `promote`, `demote`,
)

// WritingWord is the word of a request that writes for which it is no load; empty: there is
// none.
func WritingWord(text string) string {
	return cmp.Or(irreversible(text, true), naming.First(text, riskyWords, actingVerbs))
}

// ActingWord is the same of a call, which is no place: risky words are nouns there.
func ActingWord(text string) string {
	return cmp.Or(irreversible(text, true), naming.First(text, actingVerbs))
}

// readingWords are words of a POST that makes nothing.
var readingWords = naming.OneOf(
	`search`, `query`, `find`, `filter`, `lookup`, `preview`, `validate`, `check`, `calculate`,
	`estimate`, `login`, `signin`, `authenticate`, `token`, `graphql`, `rpc`,
)

// Reads says whether a part of a path is of a POST that makes nothing.
func Reads(part string) bool { return naming.First(part, readingWords) != "" }
