package gatling

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/importer/numeral"
)

// number is a number of a report, or none.
type number struct {
	value float64
	ok    bool
	text  string // as a program wrote it that prints numbers for people
}

// UnmarshalJSON reads 12, "12", "12.5", "   1,234" and "-".
func (n *number) UnmarshalJSON(text []byte) error {
	var printed string
	err := json.Unmarshal(text, &printed)
	if err != nil { // a number of JSON
		printed = string(text)
	}
	if !strings.ContainsAny(printed, "0123456789") { // a dash, null
		if !noNumber.MatchString(printed) {
			return numeral.Refuse("%.40s is not a number", text)
		}
		return nil
	}
	if err != nil {
		n.value, err = numeral.Number(printed)
	} else if whole, ok := numeral.Integer(printed); ok { // counts and times are whole
		n.value, n.text = float64(whole), printed
	} else {
		n.value, err = numeral.Decimal(printed, 0)
		n.text = printed
	}
	if err != nil {
		return numeral.Refuse("%.40s is not a number", text)
	}
	n.ok = true
	return nil
}

// noNumber is what Gatling writes in place of a number.
var noNumber = regexp.MustCompile(`^\s*(-+|null|NaN|N/A|)\s*$`)

// rate is a number with decimals; 0: missing or ambiguous. The thousands separator of a
// count shows the decimal mark.
func (n number) rate(counts number) float64 {
	if n.text == "" {
		return n.value
	}
	mark := numeral.DecimalMark(n.text)
	if whole := numeral.Ungrouped(counts.text); mark == 0 && numeral.IsGrouped(whole) {
		mark = map[bool]byte{true: '.', false: ','}[strings.Contains(whole, ",")]
	}
	if mark == 0 && !strings.Contains(n.text, ",") {
		mark = '.' // as newer versions print in any country
	}
	v, err := numeral.Decimal(n.text, mark)
	if err != nil {
		return 0
	}
	return v
}
