package importer

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// gatlingNumber is a number of a report, or none.
type gatlingNumber struct {
	value float64
	known bool
	text  string // as a program wrote it that prints numbers for people
}

// UnmarshalJSON reads 12, "12", "12.5", "   1,234" and "-".
func (n *gatlingNumber) UnmarshalJSON(text []byte) error {
	var printed string
	err := json.Unmarshal(text, &printed)
	if err != nil { // a number of JSON
		printed = string(text)
	}
	if !strings.ContainsAny(printed, "0123456789") { // a dash, null
		if !gatlingNone.MatchString(printed) {
			return notValue("%.40s is no number", text)
		}
		return nil
	}
	if err != nil {
		n.value, err = strconv.ParseFloat(printed, 64)
	} else if whole, ok := wholeIn(printed); ok { // counts and times are whole
		n.value, n.text = float64(whole), printed
	} else {
		n.value, err = numberIn(printed, 0)
		n.text = printed
	}
	if err != nil {
		return notValue("%.40s is no number", text)
	}
	n.known = true
	return nil
}

// gatlingNone is what stands for no number.
var gatlingNone = regexp.MustCompile(`^\s*(-+|null|NaN|N/A|)\s*$`)

// rate is a number that has decimals, where that is certain; 0: it is not told.
// The mark of thousands in a count says which the other is.
func (n gatlingNumber) rate(counts gatlingNumber) float64 {
	if n.text == "" {
		return n.value
	}
	mark := decimalMark(n.text)
	if whole := ungrouped(counts.text); mark == 0 && isGrouped(whole) {
		mark = map[bool]byte{true: '.', false: ','}[strings.Contains(whole, ",")]
	}
	if mark == 0 && !strings.Contains(n.text, ",") {
		mark = '.' // as newer versions print in any country
	}
	v, err := numberIn(n.text, mark)
	if err != nil {
		return 0
	}
	return v
}
