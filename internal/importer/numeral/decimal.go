package numeral

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/importer/charset"
)

// Programs print numbers as in their user's country: 1,234.5 or 1.234,5 or 1 234,5 or
// 1'234.5. An ambiguous one is an error, since one reading is a thousand times the other.

// groupMarks separate thousands, and nothing else in any country.
var groupMarks = strings.NewReplacer(" ", "", "\u00a0", "", "\u2009", "", "\u202f", "", "'", "", "’", "", "_", "")

var (
	// grouped is a whole number in groups of three, or of two as in India.
	grouped = regexp.MustCompile(`^\d{1,3}(?:([.,])\d{3})+$|^\d{1,2}(?:,\d{2})*,\d{3}$`)
	// blankGroups is a number with other thousands separators.
	blankGroups = regexp.MustCompile(`^\d{1,3}(?:[ \x{a0}\x{2009}\x{202f}'’_]\d{3})+(?:[.,]\d+)?$`)
	zeros       = regexp.MustCompile(`^(\d+)[.,]0{1,2}$`)
	ambiguous   = regexp.MustCompile(`^[1-9]\d{0,2}[.,]\d{3}$`)
)

// IsGrouped reports whether a text is a whole number with thousands separators.
func IsGrouped(text string) bool { return grouped.MatchString(text) }

// Ungrouped removes the thousands separators that no country uses before decimals.
func Ungrouped(text string) string {
	text = strings.TrimSpace(charset.Readable(text))
	if blankGroups.MatchString(text) {
		return groupMarks.Replace(text)
	}
	return text
}

// Integer reads a number that must be whole and not negative; false: it is not one.
func Integer(text string) (int64, bool) {
	text = Ungrouped(text)
	if m := zeros.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	if grouped.MatchString(text) && !(strings.Contains(text, ",") && strings.Contains(text, ".")) {
		text = strings.NewReplacer(",", "", ".", "").Replace(text)
	}
	n, err := strconv.ParseInt(text, 10, 50)
	return n, err == nil && n >= 0
}

// DecimalMark is the decimal mark of the country where a number was written; 0: the number
// does not show it.
func DecimalMark(text string) byte {
	text = strings.TrimSuffix(Ungrouped(text), "%")
	last := strings.LastIndexAny(text, ".,")
	if last < 0 {
		return 0
	}
	other := map[byte]byte{'.': ',', ',': '.'}
	switch mark := text[last]; {
	case strings.IndexByte(text, other[mark]) >= 0:
		return mark
	case strings.Count(text, string(mark)) > 1:
		return other[mark]
	case ambiguous.MatchString(text):
		return 0
	default:
		return mark
	}
}

// Decimal reads a number with this decimal mark; 0: the mark is unknown. An error: the
// number is ambiguous, or has another mark.
func Decimal(text string, decimal byte) (float64, error) {
	bare := Ungrouped(text)
	if !strings.ContainsAny(bare, ".,") {
		return parseFloat(bare, text)
	}
	own := DecimalMark(bare)
	switch {
	case own != 0 && decimal != 0 && own != decimal && !grouped.MatchString(bare):
		return 0, fmt.Errorf("%q has another decimal mark than the rest of the file", text)
	case own == 0 && decimal == 0:
		whole := strings.NewReplacer(",", "", ".", "").Replace(bare)
		return 0, fmt.Errorf("%q may be %s or %s: save it without a mark of thousands",
			text, whole, strings.Replace(bare, ",", ".", 1))
	case own == 0:
		own = decimal
	}
	group := ","
	if own == ',' {
		group = "."
	}
	front, _, _ := strings.Cut(bare, string(own))
	if strings.Contains(front, group) && !grouped.MatchString(front) {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return parseFloat(strings.Replace(strings.ReplaceAll(bare, group, ""), string(own), ".", 1), text)
}

func parseFloat(bare, text string) (float64, error) {
	v, err := Number(bare)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return v, nil
}
