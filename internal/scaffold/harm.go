package scaffold

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// writes says whether a request of a method may change something.
func writes(method string) bool { return !slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, method) }

// changes says whether a request of a method is about something that is there.
func changes(method string) bool { return slices.Contains([]string{"PUT", "PATCH", "DELETE"}, method) }

// harm says why a request is no load although it could be sent: by the words of
// its path, of its query, which is not decoded, and of its names in a description.
// Empty: nothing speaks against it.
func harm(method, path, query string, names ...string) string {
	parts := fixed(path)
	if why := asked(method, query); why != "" {
		return why
	}
	if !writes(method) { // by HTTP it reads; some do not
		for _, part := range parts {
			if word := undone(part, false); word != "" {
				return fmt.Sprintf("its path says %q", word)
			}
		}
		if last := path[strings.LastIndex(path, "/")+1:]; !strings.Contains(last, "{") {
			if words := wordsOf(last); len(words) > 0 && acting.MatchString(words[0]) {
				return fmt.Sprintf("its path says %q", words[0])
			}
		}
		if word := deed(path, query); word != "" {
			return fmt.Sprintf("its path says %q", word)
		}
		for _, name := range names {
			if word := undone(beginning(name), false); word != "" {
				return fmt.Sprintf("its name says %q", word)
			}
		}
		return ""
	}
	for _, part := range parts {
		if word := writingWord(part); word != "" {
			return fmt.Sprintf("its path says %q", word)
		}
		if ownAccount.MatchString(part) {
			return fmt.Sprintf("it writes to the account that it is sent with (%s)", part)
		}
	}
	if own := ownPart(path); own != "" {
		return fmt.Sprintf("it writes to the account that it is sent with (%s)", own)
	}
	if len(parts) > 0 && ending.MatchString(strings.ToLower(parts[len(parts)-1])) {
		return fmt.Sprintf("its path says %q", parts[len(parts)-1])
	}
	if method == "DELETE" {
		return "" // its names say so, too
	}
	if len(parts) > 0 && method == "POST" && thereOnce.MatchString(parts[len(parts)-1]) {
		return fmt.Sprintf("it writes to what is there once (%s)", parts[len(parts)-1])
	}
	for _, name := range names {
		if word := writingWord(name); word != "" {
			return fmt.Sprintf("its name says %q", word)
		}
	}
	return ""
}

// asked says why the query of a request is no load: it orders what the path does
// not say.
func asked(method, query string) string {
	for _, part := range strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' }) {
		key, v, has := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(key); err == nil {
			key = plain
		}
		if plain, err := url.QueryUnescape(v); err == nil {
			v = plain
		}
		if v := strings.TrimLeft(v, "/"); routes.MatchString(key) && strings.Contains(v, "/") && writes(method) {
			if why := harm(method, "/"+v, ""); why != "" {
				return why
			}
		}
		if says := orders(key, v, writes(method)); says != "" {
			return fmt.Sprintf("its query says %q", oneLine(says))
		}
		if key == "query" && mutation.MatchString(v) {
			return "it is a mutation"
		}
		if word := undone(v, writes(method)); word != "" {
			return fmt.Sprintf("its query says %q", word)
		}
		if word := undone(key, writes(method)); word != "" && (!has || !isNo(v)) {
			return fmt.Sprintf("its query says %q", word)
		}
		if statement.MatchString(v) {
			return "its query holds a statement that changes a database"
		}
		if writes(method) {
			continue
		}
		if word := deedAsked(key, v); word != "" {
			return fmt.Sprintf("its query says %q", word)
		}
	}
	return ""
}

// orders is the value of a key that says what is done, where that is no load;
// empty: it is none.
func orders(key, v string, writing bool) string {
	if !commands.MatchString(key) {
		return ""
	}
	upper := strings.ToUpper(v)
	if undone(v, writing) != "" || verbIn(v, risky, acting) != "" || slices.Contains([]string{"POST", "PUT", "PATCH", "DELETE"}, upper) {
		return v
	}
	return ""
}

// statement is what changes a database.
var statement = regexp.MustCompile(`(?i)\b(drop|truncate|alter|create)\s+(table|database|schema|index|view|user|` +
	`collection|column)\b|\bdelete\s+from\b|\btruncate\s+[\w.]+\s*;?$|\binsert\s+into\b|` +
	`\bupdate\s+[\w."]+\s+set\b|\b(grant|revoke)\s+\w+.*\b(on|to|from)\b|\bdetach\s+delete\b`)

// beginning is the first word of a name or the verb of a sentence.
func beginning(name string) string {
	if words := wordsOf(name); len(words) > 0 {
		return words[0]
	}
	return ""
}

// denied are values that say no.
var denied = regexp.MustCompile(`(?i)^(|0|false|no|off|none|null|n)$`)

// aim is what a request that writes acts on.
type aim struct {
	own     bool     // something that its group made
	foreign []string // ids of what its group did not make
}

// addForeign adds an id of what the group did not make.
func (a *aim) addForeign(name string) { a.foreign = append(a.foreign, name) }

// refuse says why a request that writes is left to a person; empty: it acts
// on what its group made, or makes something.
func (a aim) refuse(method string) string {
	if !writes(method) {
		return ""
	}
	slices.Sort(a.foreign)
	if len(a.foreign) > 0 {
		return fmt.Sprintf("it writes to what this group did not make: %s",
			strings.Join(slices.Compact(a.foreign), ", "))
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
// not of the request itself.
func namesThing(name string) bool { return isAnyID(name) && !ofRequest.MatchString(name) }

// ofRequest are ids of the request itself, in whichever place.
var ofRequest = regexp.MustCompile(`(?i)^(x[_-])?(request|correlation|trace|span|idempotency|nonce|grant)` +
	`[_-]?(id|uuid)$`)

// senders are ids of who sends, where they are headers: a client or device in a
// body or path is a thing like others.
var senders = regexp.MustCompile(`(?i)^(x[_-])?(client|app|application|tenant|device|org|organi[sz]ation|workspace|` +
	`realm|site|store|session)[_-]?(id|uuid|guid)$`)

// commands are keys of a body whose value says what is done.
var commands = regexp.MustCompile(`(?i)^(_?method|_?action|act|` +
	`op|oper|operation|operationname|command|cmd|event|do|task|` +
	`func|function|mode|verb|fn|method[_-]?name|procedure|proc|call|intent|transition|rpc|invoke|` +
	`(target|action|command|operation|event|message)[_-]?(name|type))$`)

// otherPassword are keys of a body that changes a password.
var otherPassword = regexp.MustCompile(`(?i)^(new|old|current|confirm)_?-?pass(word|wd)`)

// listsIDs says whether a body is a list of ids and nothing else, which only
// its path could give a name.
func listsIDs(content *value) bool {
	return content != nil && content.Kind == yaml.SequenceNode &&
		slices.ContainsFunc(content.Content, func(v *value) bool {
			return v.Kind == yaml.ScalarNode &&
				(v.Tag == "!!int" || strings.HasPrefix(v.Value, "${ int(") || isIDPart(v.Value))
		})
}

var (
	// money are words of what is paid for, where it is real.
	money = words(`transfers?`, `payments?`, `pay`, `payouts?`, `withdrawals?`, `deposits?`, `refunds?`, `charges?`,
		`donat(ions?|e)`, `checkout`, `purchases?`, `invoices?`, `billing`, `top_?ups?`, `ueberweisung(en)?`,
		`überweisung(en)?`, `transactions?`, `wires?`, `remit(tances?)?`, `orders?`, `buy`, `sell`, `trad(es?|ing)`,
		`bids?`, `bets?`, `tips?`, `bookings?`, `reservations?`, `redeem`, `redemptions?`, `vouchers?`, `loans?`,
		`invest(ments?)?`, `subscriptions?`, `wallets?`, `credits?`, `exchange`, `settle(ments?)?`, `payroll`, `sepa`)
	// amounts are names of a body that speaks of money.
	amounts = regexp.MustCompile(
		`(?i)^(amount|iban|bic|(total|payment|transfer|transaction|debit|credit)_?amount|betrag|` +
			`amount_?(cents|minor|eur|usd)|(credit|debit)or|card(_?number)?|montant|importe)$`)
	// payment are such words of a GET, which may pay where it should read.
	payment = words(`payments?`, `payouts?`, `checkout`, `charge`, `purchase`, `withdrawal`, `donation`)
	// mail are words of what reaches people.
	mail = words(`e?mails?`, `sms`, `messages?`, `newsletters?`, `campaigns?`, `contact`, `feedback`, `push`,
		`faxe?s?`, `calls?`)
	// anAddress is an address of mail, not one that is kept for examples.
	anAddress  = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)
	forExample = regexp.MustCompile(`(?i)(@|\.)(example(\.(com|net|org))?|test|invalid|localhost)$`)
)

// realAddress is the first address of mail in a text that may be somebody's; empty:
// there is none.
func realAddress(text string) string {
	for _, found := range anAddress.FindAllString(text, -1) {
		if !forExample.MatchString(found) {
			return found
		}
	}
	return ""
}

// concerns are what a request may do to people beyond the service: move money, or
// send mail.
func concerns(method, path string, content *value) (all []string) {
	for _, part := range fixed(path) {
		if word := verbIn(part, payment); !writes(method) && word != "" {
			all = append(all, fmt.Sprintf("its path says %q: does it move real money?", word))
		}
		if !writes(method) {
			continue
		}
		if word := verbIn(part, money); word != "" {
			all = append(all, fmt.Sprintf("its path says %q: does it move real money?", word))
		}
		if word := verbIn(part, mail); word != "" {
			all = append(all, fmt.Sprintf("its path says %q: does it reach real people?", word))
		}
	}
	if !writes(method) || content == nil {
		return all
	}
	spoken := slices.ContainsFunc(fixed(path), func(part string) bool { return verbIn(part, money) != "" })
	var walk func(key string, v *value)
	walk = func(key string, v *value) {
		if to := realAddress(v.Value); to != "" {
			all = append(all, fmt.Sprintf("its body holds %s: does mail go there?", oneLine(to)))
		}
		if amounts.MatchString(key) && !spoken {
			all = append(all, fmt.Sprintf("its body says %q: does it move real money?", oneLine(key)))
			spoken = true
		}
		for name, c := range children(key, v) {
			walk(name, c)
		}
	}
	walk("", content)
	return all
}

// isNo says whether a value says no.
func isNo(text string) bool { return denied.MatchString(text) }

// isAnyID says whether a name is one of an id, or of several.
func isAnyID(name string) bool { return idsName.MatchString(name) }

// namesSender says whether a header has the id of who sends.
func namesSender(name string) bool { return senders.MatchString(name) }
