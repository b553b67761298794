package scaffold

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	// undoing are words of requests that do what nobody can take back, or that end
	// a session, whatever they are sent with and whatever their method.
	undoing = words(
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
	// done are words of what was undone before: /deleted-items reads.
	done = words(
		`deleted`, `erased`, `anonymi[sz]ed`, `archived`, `purged`, `deactivated`, `disabled`, `cleared`, `revoked`,
		`removed`, `destroyed`, `dropped`, `truncated`, `terminated`, `cancell?ed`, `unsubscribed`,
	)
	// risky are such words of requests that write; a GET such as /transfers reads.
	risky = words(
		`archiv(es|ing)`, `expire`, `gdpr`, `retention`, `password`, `passwd`, `passphrase`, `forgot`,
		`invit(es|ation|ations)`, `notif(ies|ication|ications)`, `transfer`, `refund`, `charge`,
		`payout`, `merge`, `bulk`, `batch`, `mfa`,
		`2fa`, `totp`, `emergency`, `close`, `stop`, `halt`, `abort`, `void`, `freeze`, `mute`, `blacklist`,
		`upgrade`, `downgrade`, `quit`, `exit`, `unregister`, `confiscate`, `suspend`, `seize`,
	)
	// acting are such words that are no nouns: where the last part of a path begins
	// with one, a GET does it, too.
	acting = words(
		`suspend`, `unsuspend`, `ban`, `unban`, `block`, `unblock`, `lock`, `unlock`,
		`disconnect`, `unlink`, `detach`, `uninstall`, `rollback`, `restore`, `migrate`, `overwrite`, `invite`,
		`notify`, `broadcast`, `publish`, `unpublish`, `deploy`, `impersonate`, `withdraw`, `reassign`,
		`enabl(e|es)`, `activate`, `promote`, `demote`,
	)
	// together are such words with others in one: deleteall, batchdelete. Those of
	// the first line need no word that is known beside them.
	together = regexp.MustCompile(`^(delete|purge|erase|destroy|truncate|deactivate|anonymi[sz]e|unsubscribe)` +
		`|^(remove|revoke|terminate|disable|cancel)([^drl]|l[^e])` +
		`|(delete|purge|erase|destroy|truncate|deactivate|remove|revoke)$` +
		`|^(del|rm|drop|clear|clean|reset|wipe|kill|flush|archive|trash|nuke|send)` + thing + `$` +
		`|^` + thing + `(del|drop|clear|clean(up)?|reset|wipe|kill|flush|logout|cancel|archive)$`)
	// ownAccount are parts of a path that name the account which is logged in.
	ownAccount = regexp.MustCompile(`(?i)^(me|self|myself|mine|my|current|current[-_]?user|whoami|own)$`)
	// thereOnce are parts of a path that name what nobody makes: it is there.
	thereOnce = regexp.MustCompile(`(?i)^(settings?|preferences|prefs|config|configuration|profile|` +
		`maintenance([-_]?mode)?)$`)
	// reading are words of a POST that makes nothing.
	reading = words(
		`search`, `query`, `find`, `filter`, `lookup`, `preview`, `validate`, `check`, `calculate`,
		`estimate`, `login`, `signin`, `authenticate`, `token`, `graphql`, `rpc`,
	)
)

// thing is what such a word is said of, in one word with it.
const thing = `(all|any|every|everything|many|multiple|batch|bulk|mass|selected|old|temp|by|byid|one|factory|` +
	`soft|hard|force|` +
	`(cache|user|item|account|record|row|file|folder|dir|session|token|log|entr(y|ie)|history|cart|` +
	`basket|queue|table|image|photo|` +
	`message|mail|email|order|post|comment|product|data|database|db|password|index|group|member|` +
	`role|tag|note|task|job|key|doc|` +
	`document|page|customer|client|device|event|project|team|subscription|address|book|article|` +
	`categor(y|ie)|object|resource|` +
	`node|list|settings?|state|counter|stat)e?s?)`

// words matches one of several whole words.
func words(all ...string) *regexp.Regexp {
	return regexp.MustCompile("^(" + strings.Join(all, "|") + ")$")
}

// wordsOf are the words of a part of a path or of a name: send-mail, sendMail,
// send_mail and send2mail hold the same.
func wordsOf(text string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words, word = append(words, strings.ToLower(string(word))), nil
		}
	}
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case i == 0:
		case unicode.IsDigit(r) != unicode.IsDigit(runes[i-1]), unicode.IsUpper(r) && unicode.IsLower(runes[i-1]),
			unicode.IsUpper(r) && unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			end()
		}
		word = append(word, r)
	}
	end()
	return words
}

// verbIn is the first word of a text that a pattern knows; two words such as
// log-out are one, too.
func verbIn(text string, patterns ...*regexp.Regexp) string {
	words := wordsOf(text)
	for i, word := range words {
		for _, p := range patterns {
			if p.MatchString(word) {
				return word
			}
			if i+1 < len(words) && p.MatchString(word+words[i+1]) {
				return word + " " + words[i+1]
			}
		}
	}
	return ""
}

// undone is the word of a text that nobody can take back, alone or in one with
// others; empty: there is none. What was undone before counts where a request
// writes alone.
func undone(text string, writing bool) string {
	if word := verbIn(text, undoing); word != "" {
		return word
	}
	for _, word := range wordsOf(text) {
		switch {
		case done.MatchString(word):
			if writing {
				return word
			}
		case together.MatchString(word):
			return word
		}
	}
	return ""
}

// fixed are the parts of a path that are no values, without the values that are
// in them.
func fixed(path string) []string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.FieldsFunc(hole.ReplaceAllString(path, " "), func(r rune) bool { return r == '/' })
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
	}
	return slices.DeleteFunc(parts, func(part string) bool { return part == "" })
}

// writingWord is the word of a request that writes for which it is no load; empty: there is
// none.
func writingWord(text string) string { return cmp.Or(undone(text, true), verbIn(text, risky, acting)) }

// actingWord is the same of a call, which is no place: risky words are nouns there.
func actingWord(text string) string { return cmp.Or(undone(text, true), verbIn(text, acting)) }

// reads says whether a part of a path is of a POST that makes nothing.
func reads(part string) bool { return verbIn(part, reading) != "" }
