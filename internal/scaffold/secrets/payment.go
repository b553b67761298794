package secrets

import (
	"regexp"
	"slices"
	"strings"
)

var (
	cardNumber = regexp.MustCompile(`\d(?:[ -]?\d){13,18}`)
	// cardBegin is how the numbers of cards begin, by their length.
	cardBegin = regexp.MustCompile(`^(4\d{15}|4\d{18}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|35\d{14}|` +
		`6\d{15,18})$`)
	ibanForm = regexp.MustCompile(`(?i)\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}\b`)
)

// IsPayment says whether a text holds the number of a card or of an account, by its form
// and its check digits.
func IsPayment(v string) bool {
	for _, found := range cardNumber.FindAllString(v, 50) {
		digits := strings.NewReplacer(" ", "", "-", "").Replace(found)
		if cardBegin.MatchString(digits) && luhn(digits) {
			return true
		}
	}
	return slices.ContainsFunc(ibanForm.FindAllString(v, 50), iban)
}

// luhn checks the last digit of a card's number.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// iban checks the two check digits of the number of an account, as ISO 13616 says.
func iban(text string) bool {
	text = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(text))
	for end := min(len(text), 34); end >= 15; end-- { // words may follow it
		rest := 0
		for _, r := range text[4:end] + text[:4] {
			if r >= 'A' {
				rest = (rest*100 + int(r-'A') + 10) % 97
			} else {
				rest = (rest*10 + int(r-'0')) % 97
			}
		}
		if rest == 1 && (end == len(text) || strings.ContainsAny(text[4:end], "0123456789")) {
			return true
		}
	}
	return false
}
