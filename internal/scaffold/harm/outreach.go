package harm

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// outreach says of the values of one request whether they make the service reach beyond itself: to
// people, or to an address that it calls.
type outreach struct {
	path    []string // its parts
	signsUp bool     // its addresses are those of an account that it makes
	between bool     // the object that is read has a from, too: a range, or a way
	message bool     // the object that is read has a text to somebody
}

// in is the same for the values of an object.
func (o outreach) in(v *node.Value) outreach {
	o.between, o.message = false, false
	for name := range node.Children("", v) {
		name = strings.ToLower(name)
		o.between = o.between || rangeStart.MatchString(name)
		o.message = o.message || messageText.MatchString(name)
	}
	return o
}

// reaches says why a value makes a request no load; empty: it reaches nobody.
func (o outreach) reaches(name string, v *node.Value) string {
	words := naming.Words(name)
	if len(words) == 0 || v.Kind == yaml.ScalarNode && (naming.IsNo(v.Value) || v.Tag == "!!bool") {
		return ""
	}
	joined := strings.Join(words, "_")
	switch {
	case callbackName.MatchString(joined),
		(addressName.MatchString(joined) || webAddress.MatchString(v.Value)) && slices.ContainsFunc(o.path, o.calls):
		return fmt.Sprintf("it makes the service call an address: %s", naming.Line(name))
	case addressees.MatchString(joined), severalContacts.MatchString(joined) && !o.signsUp,
		contactName.MatchString(joined) && o.sends(),
		words[0] == "to" && o.isAddressee(words, v):
		return fmt.Sprintf("it sends something to others: %s", naming.Line(name))
	}
	return ""
}

// isAddressee says whether a name that begins with "to" is one of somebody, and not of the end of
// a range.
func (o outreach) isAddressee(words []string, v *node.Value) bool {
	if v.Kind != yaml.ScalarNode && !names(v, contactName) {
		return false
	}
	if len(words) > 1 {
		return words[1] == "name" || contactName.MatchString(strings.Join(words[1:], "_"))
	}
	return o.sends() || o.message || !o.between && !datePart.MatchString(v.Value) && !pointInTime.MatchString(v.Value)
}

// sends says whether the path is one of what reaches people.
func (o outreach) sends() bool {
	return slices.ContainsFunc(o.path, func(part string) bool {
		return naming.First(part, messageWords, sharingWords) != "" && naming.First(part, ownWords) == ""
	})
}

// calls says whether a part of a path is of what makes the service call elsewhere.
func (o outreach) calls(part string) bool { return naming.First(part, callingWords) != "" }

// names says whether a name in a tree has a form.
func names(v *node.Value, form *regexp.Regexp) bool {
	for name, c := range node.Children("", v) {
		if form.MatchString(name) || names(c, form) {
			return true
		}
	}
	return false
}

var (
	// pointInTime is a number of seconds or milliseconds since 1970.
	pointInTime = regexp.MustCompile(`^1[4-9][0-9]{8}([0-9]{3})?$`)
	datePart    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}`)
	rangeStart  = naming.OneOf(`from`, `since`, `start`, `begin`)
	messageText = naming.OneOf(`text`, `message`, `body`, `subject`, `content`, `html`)
	// addressees are names of those to whom something is sent.
	addressees = naming.OneOf(`cc`, `bcc`, `send_?to`, `mail_?to`, `(email|mail|sent|deliver|forward|share|shared)_to`,
		`(recipient|receiver|addressee|invitee)s?(_\w+)?`, `mentions?`,
		`(share|shared|notify|invite)_(with|users?|e?mails?)`)
	severalContacts = naming.OneOf(`e?mails`, `phones`, `(e?mail|phone)_(addresse|number)s`)
	// contactName are names by which somebody is reached; in an account they are its own.
	contactName = naming.OneOf(`e_?mail`, `mail`, `(e_?mail|mail)_address`, `phone`, `mobile`, `msisdn`, `fax`, `tel`,
		`(phone|mobile|fax)_number`, `number`, `address`, `users?`, `device_?token`)
	// sharingWords are words of what is handed to somebody, beside messageWords.
	sharingWords = naming.OneOf(`shares?`, `referrals?`, `reminders?`, `alerts?`, `greetings?`, `gifts?`, `texts?`,
		`whatsapp`, `telegrams?`, `mailings?`, `letters?`, `digests?`, `broadcasts?`, `faxes`)
	// ownWords are words of a message that the sender writes to the service itself.
	ownWords = naming.OneOf(`contact`, `feedback`)
	// callbackName are names of an address that the service calls when something happens.
	callbackName = naming.OneOf(`(web_?)?hook`, `call_?back`, `post_?back`, `sink`,
		`((web_?)?hooks?|call_?backs?|post_?backs?|ipn|notify|notification|event|delivery|push|listener|sink|`+
			`subscriber)_(url|uri|endpoint|address|link|target)`)
	webAddress = regexp.MustCompile(`(?i)^(https?|wss?|amqps?|ftp)://`)
	// addressName are names of an address, which is only a text where nothing calls it.
	addressName = regexp.MustCompile(`(^|_)(ur[li]s?|endpoints?|href|target|destination|address|host|server|link|` +
		`domain|feed|remote|repo|repository)$`)
	// callingWords are words of paths below which an address is one that the service calls.
	callingWords = naming.OneOf(`web_?hooks?`, `hooks?`, `subscri(ptions?|bers?|be)`, `listeners?`, `call_?backs?`,
		`integrations?`, `endpoints?`, `sinks?`, `destinations?`, `forward(s|ers?|ing)?`, `relays?`, `connectors?`,
		`connections?`, `monitors?`, `probes?`, `pings?`, `crawl(s|ers?)?`, `scrap(es?|ers?)`, `imports?`, `fetch(es)?`,
		`prox(y|ies)`, `feeds?`, `mirrors?`, `downloads?`, `screenshots?`, `exports?`, `notifiers?`, `channels?`,
		`automations?`, `observers?`, `watch(es|ers)?`, `remotes?`, `upstreams?`)
)
