package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// writes says whether a request of a method may change something.
func writes(method string) bool { return !slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, method) }

// changes says whether a request of a method is about something that is there.
func changes(method string) bool { return slices.Contains([]string{"PUT", "PATCH", "DELETE"}, method) }

var (
	// undoing are words of requests that do what nobody can take back, or that end
	// a session, whatever they are sent with and whatever their method.
	undoing = words(
		`delet(e|ed|es|ion|ions|ing)`, `eras(e|es|ure|ures|ing)`, `anonymi[sz](e|es|ation|ing)`,
		`pseudonymi[sz](e|ation)`, `archive`, `archival`, `purg(e|es|ing)`, `clean(up|se|ing)?`,
		`deactivat(e|es|ion|ing)`, `disabl(e|es|ing)`, `reset(s|ting)?`, `send(s|ing)?`, `resend`,
		`clear(s|ing)?`, `revok(e|es|ing)`, `revocation`, `(log|sign)(out|off)`, `remov(e|es|al|ing)`,
		`destroy`, `drop`, `wip(e|es)`, `truncate`, `terminat(e|es|ion)`, `cancel(s|lation|ation)?`,
		`unsubscribe`, `unregister`, `deregister`, `invalidate`, `shutdown`, `restart`, `reboot`, `kill`,
		`flush`, `forget`,
	)
	// risky are such words of requests that write; a GET such as /transfers reads.
	risky = words(
		`archiv(es|ing)`, `expire`, `suspend`, `unsuspend`, `ban`, `unban`, `block`, `unblock`, `lock`,
		`unlock`, `disconnect`, `unlink`, `detach`, `uninstall`, `gdpr`, `retention`, `rollback`,
		`restore`, `migrate`, `overwrite`, `password`, `passwd`, `passphrase`, `forgot`,
		`invit(e|es|ation|ations)`, `notif(y|ies|ication|ications)`, `broadcast`, `publish`, `unpublish`,
		`deploy`, `impersonate`, `transfer`, `refund`, `charge`, `withdraw`, `payout`, `merge`, `bulk`,
		`batch`, `reassign`, `enabl(e|es)`, `activate`, `promote`, `demote`, `mfa`, `2fa`, `totp`,
		`emergency`,
	)
	// ownAccount are parts of a path that name the account which is logged in.
	ownAccount = regexp.MustCompile(`(?i)^(me|self|myself|mine|my|current|current[-_]?user|whoami|own)$`)
	// reading are words of a POST that makes nothing.
	reading = words(
		`search`, `query`, `find`, `filter`, `lookup`, `preview`, `validate`, `check`, `calculate`,
		`estimate`, `login`, `signin`, `authenticate`, `token`, `graphql`, `rpc`,
	)
)

// words matches one of several whole words.
func words(all ...string) *regexp.Regexp {
	return regexp.MustCompile("^(" + strings.Join(all, "|") + ")$")
}

// wordsOf are the words of a part of a path or of a name: send-mail, sendMail
// and send_mail are the same two.
func wordsOf(text string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words, word = append(words, strings.ToLower(string(word))), nil
		}
	}
	var last rune
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
		case unicode.IsUpper(r) && unicode.IsLower(last):
			end()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		last = r
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

// fixed are the parts of a path that are no values.
func fixed(path string) []string {
	path, _, _ = strings.Cut(path, "?")
	var parts []string
	for _, part := range strings.Split(path, "/") {
		if part != "" && !strings.Contains(part, "{") {
			parts = append(parts, part)
		}
	}
	return parts
}

// harm says why a request is no load although it could be sent: by the words of
// its path and of its names in a description. Empty: nothing speaks against it.
func harm(method, path string, names ...string) string {
	parts := fixed(path)
	if !writes(method) { // by HTTP it reads; some do not
		if len(parts) > 0 {
			first := wordsOf(parts[len(parts)-1])
			if word := verbIn(parts[len(parts)-1], undoing); word != "" && strings.HasPrefix(word, first[0]) {
				return fmt.Sprintf("its path says %q", word)
			}
		}
		return ""
	}
	for _, part := range parts {
		if word := verbIn(part, undoing, risky); word != "" {
			return fmt.Sprintf("its path says %q", word)
		}
		if ownAccount.MatchString(part) {
			return fmt.Sprintf("it writes to the account that it is sent with (%s)", part)
		}
	}
	if method == "DELETE" {
		return "" // its names say so, too
	}
	for _, name := range names {
		if word := verbIn(name, undoing, risky); word != "" {
			return fmt.Sprintf("its name says %q", word)
		}
	}
	return ""
}

// aim is what a request that writes acts on.
type aim struct {
	own     bool     // something that its group made
	foreign []string // ids of what its group did not make
}

// refuse says why a request that writes is left to a person; empty: it acts
// on what its group made, or makes something.
func (a aim) refuse(method string) string {
	if !writes(method) {
		return ""
	}
	slices.Sort(a.foreign)
	if len(a.foreign) > 0 {
		return fmt.Sprintf("it writes to what this group did not make: %s", strings.Join(slices.Compact(a.foreign), ", "))
	}
	if changes(method) && !a.own {
		return map[string]string{
			"DELETE": "it deletes what this group did not make", "PUT": "it replaces what this group did not make",
			"PATCH": "it changes what this group did not make",
		}[method]
	}
	return ""
}

// idsName is the name of an id, or of several.
var idsName = regexp.MustCompile(`(?i)^(id|ids|_id|uuid|guid|pk)$|[_-](ids?|uuid|guid|pk)$|(Ids?|ID|IDs|Uuid|UUID)$`)

// namesThing says whether a name is one of an id that something is found by, and
// not the sender's own.
func namesThing(name string) bool { return idsName.MatchString(name) && !senders.MatchString(name) }

// senders are ids of who sends, or of the request itself.
var senders = regexp.MustCompile(`(?i)^(client|app|application|request|correlation|trace|span|idempotency|` +
	`tenant|device|nonce|grant)[_-]?(id|uuid)$`)

// commands are keys of a body whose value says what is done.
var commands = regexp.MustCompile(`(?i)^(_?method|action|op|operation|operationname|command|cmd|event|do|task)$`)

// otherPassword are keys of a body that changes a password.
var otherPassword = regexp.MustCompile(`(?i)^(new|old|current|confirm)_?-?pass(word|wd)`)

// commanded says why the body of a request is no load: it orders what a path
// such as /rpc does not say.
func commanded(b *body) string {
	if b == nil {
		return ""
	}
	var why string
	var walk func(key string, v *value)
	walk = func(key string, v *value) {
		for i, c := range v.Content {
			name := key
			if v.Kind == object().Kind {
				if i%2 == 0 {
					continue
				}
				name = v.Content[i-1].Value
			}
			walk(name, c)
		}
		if len(v.Content) > 0 || why != "" {
			return
		}
		if commands.MatchString(key) {
			upper := strings.ToUpper(v.Value)
			if verbIn(v.Value, undoing, risky) != "" || writes(upper) && slices.Contains(methods, upper) {
				why = fmt.Sprintf("its body says %q", oneLine(v.Value))
			}
		}
		if key == "query" && strings.HasPrefix(strings.TrimSpace(v.Value), "mutation") {
			why = "it is a mutation"
		}
		if otherPassword.MatchString(key) {
			why = "it changes a password"
		}
	}
	walk("", b.content)
	return why
}

// hold makes a step a comment, for a reason.
func (s *step) hold(why string) {
	if why != "" && !slices.Contains(s.looks, why) {
		s.off = true
		s.looks = append(s.looks, why)
	}
}
