package harm

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

var (
	// moneyWords are words of what is paid for, where it is real.
	moneyWords = naming.OneOf(`transfers?`, `payments?`, `pay`, `payouts?`,
		`withdrawals?`, `deposits?`, `refunds?`, `charges?`,
		`donat(ions?|e)`, `checkout`, `purchases?`, `invoices?`, `billing`, `top_?ups?`, `ueberweisung(en)?`,
		`überweisung(en)?`, `transactions?`, `wires?`, `remit(tances?)?`, `orders?`, `buy`, `sell`, `trad(es?|ing)`,
		`bids?`, `bets?`, `tips?`, `bookings?`, `reservations?`, `redeem`, `redemptions?`, `vouchers?`, `loans?`,
		`invest(ments?)?`, `subscriptions?`, `wallets?`, `credits?`, `exchange`, `settle(ments?)?`, `payroll`, `sepa`)
	// amountName are names in a body that mean money.
	amountName = regexp.MustCompile(
		`(?i)^(amount|iban|bic|(total|payment|transfer|transaction|debit|credit)_?amount|betrag|` +
			`amount_?(cents|minor|eur|usd)|(credit|debit)or|card(_?number)?|montant|importe)$`)
	// payment are such words of a GET, which may pay where it should read.
	payment = naming.OneOf(`payments?`, `payouts?`, `checkout`, `charge`, `purchase`, `withdrawal`, `donation`)
	// messageWords are words of what reaches people.
	messageWords = naming.OneOf(`e?mails?`, `sms`, `messages?`,
		`newsletters?`, `campaigns?`, `contact`, `feedback`, `push`,
		`faxe?s?`, `calls?`)
	// mailAddress is an address of mail, not one that is kept for examples.
	mailAddress    = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)
	exampleAddress = regexp.MustCompile(`(?i)(@|\.)(example(\.(com|net|org))?|test|invalid|localhost)$`)
)

// realAddress is the first address of mail in a text that may be somebody's; empty:
// there is none.
func realAddress(text string) string {
	for _, found := range mailAddress.FindAllString(text, -1) {
		if !exampleAddress.MatchString(found) {
			return found
		}
	}
	return ""
}

// Concerns are what a request may do to people beyond the service: move money, or
// send mail.
func Concerns(method, path string, content *node.Value) (all []string) {
	for _, part := range naming.PathParts(path) {
		if word := naming.First(part, payment); !Writes(method) && word != "" {
			all = append(all, fmt.Sprintf("its path says %q: does it move real money?", word))
		}
		if !Writes(method) {
			continue
		}
		if word := naming.First(part, moneyWords); word != "" {
			all = append(all, fmt.Sprintf("its path says %q: does it move real money?", word))
		}
		if word := naming.First(part, messageWords); word != "" {
			all = append(all, fmt.Sprintf("its path says %q: does it reach real people?", word))
		}
	}
	if !Writes(method) || content == nil {
		return all
	}
	spoken := slices.ContainsFunc(naming.PathParts(path),
		func(part string) bool { return naming.First(part, moneyWords) != "" })
	var walk func(key string, v *node.Value)
	walk = func(key string, v *node.Value) {
		if to := realAddress(v.Value); to != "" {
			all = append(all, fmt.Sprintf("its body holds %s: does mail go there?", naming.Line(to)))
		}
		if amountName.MatchString(key) && !spoken {
			all = append(all, fmt.Sprintf("its body says %q: does it move real money?", naming.Line(key)))
			spoken = true
		}
		for name, c := range node.Children(key, v) {
			walk(name, c)
		}
	}
	walk("", content)
	return all
}
