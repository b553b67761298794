package expr

import (
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// The functions that give a value the form that a service wants, or take it out of
// one: padding, patterns, times in seconds, signatures, URLs.
var formatFunctions = []*function{
	{
		name: "pad", usage: `pad(number, 6) or pad(text, 6, " ")`,
		params: []class{anything, whole, textual}, least: 2, result: stringType, call: pad,
	},
	{
		name: "format", usage: `format("%06d", number) or format("%Y-%m-%d", now())`,
		params: []class{textual, anything}, least: 2, variadic: true, result: stringType, call: format,
	},
	{
		name: "epoch", usage: "epoch(now())", params: []class{anything}, least: 1, result: intType,
		types: wantsTime("epoch"), call: sinceEpoch("epoch", time.Time.Unix),
	},
	{
		name: "epochMs", usage: "epochMs(now())", params: []class{anything}, least: 1, result: intType,
		types: wantsTime("epochMs"), call: sinceEpoch("epochMs", time.Time.UnixMilli),
	},
	onOneText("sha1", hashed("sha1")),
	onOneText("sha256", hashed("sha256")),
	onOneText("sha512", hashed("sha512")),
	{
		name: "hmac", usage: `hmac(key, text) or hmac(key, text, "sha1")`,
		params: []class{textual, textual, textual}, least: 2,
		result: stringType,
		vet: func(args []any) error {
			if len(args) < 3 {
				return nil
			}
			_, err := hashOf(args[2].(string))
			return err
		},
		call: func(e *Env, args []any) (any, error) {
			name := "sha256"
			if len(args) == 3 {
				name = args[2].(string)
			}
			made, err := hashOf(name)
			if err != nil {
				return nil, err
			}
			sum := hmac.New(made, []byte(args[0].(string)))
			_, _ = sum.Write([]byte(args[1].(string))) // a hash takes everything
			return hex.EncodeToString(sum.Sum(nil)), e.charge(len(args[1].(string)))
		},
	},
	{
		name: "fromHex", usage: "fromHex(text)", params: []class{textual}, least: 1, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			text, err := hex.DecodeString(args[0].(string))
			if err != nil {
				return nil, fmt.Errorf("fromHex(%s) is not hexadecimal", dynamic.Show(args[0]))
			}
			return string(text), e.charge(len(text))
		},
	},
	onOneText("urlEncode", func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }),
	{
		name: "urlDecode", usage: "urlDecode(text)", params: []class{textual}, least: 1, result: stringType,
		call: func(e *Env, args []any) (any, error) {
			text, err := url.PathUnescape(args[0].(string)) // a plus stays: it is one in most tokens
			if err != nil {
				return nil, fmt.Errorf("urlDecode(%s) has a %% that begins no escape", dynamic.Show(args[0]))
			}
			return text, e.charge(len(text))
		},
	},
	{
		name: "extract", usage: `extract(text, "id=([0-9]+)")`,
		params: []class{textual, textual, whole}, least: 2, call: extract,
	},
}

// pad writes a value with zeros, or another character, in front of it, at least so
// many characters long. The sign of a number stays first.
func pad(e *Env, args []any) (any, error) {
	text, err := dynamic.AppendText(nil, args[0])
	if err != nil {
		return nil, fmt.Errorf("pad: %w", err)
	}
	width, with := args[1].(int), "0"
	if len(args) == 3 {
		with = args[2].(string)
	}
	if utf8.RuneCountInString(with) != 1 {
		return nil, fmt.Errorf("pad fills with one character, got %s", dynamic.Show(with))
	}
	missing := width - utf8.RuneCount(text)
	if missing <= 0 {
		return string(text), e.charge(len(text))
	}
	if missing > budgetBytes || e.charge(len(text)+missing*len(with)) != nil {
		return nil, errBudget
	}
	sign := ""
	if _, isText := args[0].(string); !isText && with == "0" && text[0] == '-' {
		sign, text = "-", text[1:]
	}
	return sign + strings.Repeat(with, missing) + string(text), nil
}

// format fills a pattern: of printf for numbers and texts, of strftime for a time.
func format(e *Env, args []any) (any, error) {
	pattern, values := args[0].(string), args[1:]
	var text string
	var err error
	if at, ok := values[0].(time.Time); ok && len(values) == 1 {
		text, err = formatTime(pattern, at)
	} else {
		text, err = formatValues(pattern, values)
	}
	return text, errors.Join(err, e.charge(len(text)))
}

// verb is one of printf's in a pattern: flags, width, precision, kind.
var verb = regexp.MustCompile(`^%(?:%|([-+ 0#]*)([0-9]{0,4})(\.[0-9]{1,3})?([a-zA-Z]))`)

// vetPattern refuses a pattern that neither that many values nor a time can fill.
func vetPattern(pattern string, values int) error {
	numbers := make([]any, values)
	for i := range numbers {
		numbers[i] = 1
	}
	_, err := formatValues(pattern, numbers)
	if err != nil && values == 1 {
		if _, asTime := formatTime(pattern, time.Time{}); asTime == nil {
			return nil
		}
	}
	return err
}

func formatValues(pattern string, values []any) (string, error) {
	var b strings.Builder
	used := 0
	for at := 0; at < len(pattern); {
		i := strings.IndexByte(pattern[at:], '%')
		if i < 0 {
			b.WriteString(pattern[at:])
			break
		}
		b.WriteString(pattern[at : at+i])
		at += i
		found := verb.FindString(pattern[at:])
		if found == "" {
			return "", noVerb(pattern[at:min(len(pattern), at+4)])
		}
		at += len(found)
		if found == "%%" {
			b.WriteByte('%')
			continue
		}
		if used == len(values) {
			return "", fmt.Errorf("format has more places than values: %s", dynamic.Show(pattern))
		}
		text, err := formatValue(found, values[used])
		if err != nil {
			return "", err
		}
		b.WriteString(text)
		used++
	}
	if used < len(values) {
		return "", fmt.Errorf("format has %d values and %d places: %s", len(values), used, dynamic.Show(pattern))
	}
	return b.String(), nil
}

func formatValue(verb string, value any) (string, error) {
	switch verb[len(verb)-1] {
	case 's':
		text, err := dynamic.AppendText(nil, value)
		return fmt.Sprintf(verb, text), err
	case 'd', 'x', 'X':
		if n, ok := dynamic.Whole(value); ok {
			return fmt.Sprintf(verb, n), nil
		}
		return "", fmt.Errorf("format: %s needs a whole number, got %s", verb, dynamic.Describe(value))
	case 'f', 'e':
		if f, ok := dynamic.Real(value); ok && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return fmt.Sprintf(verb, f), nil
		}
		return "", fmt.Errorf("format: %s needs a number, got %s", verb, dynamic.Describe(value))
	}
	return "", noVerb(verb)
}

func noVerb(text string) error {
	return fmt.Errorf("format: %s is no %%s, %%d, %%f, %%e, %%x or %%X; write %%%% for a percent sign",
		dynamic.Show(text))
}

// parts are those of a time that strftime's letters name.
var parts = map[byte]string{
	'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'b': "Jan",
	'B': "January", 'a': "Mon", 'A': "Monday", 'j': "002",
	'H': "15", 'I': "03", 'M': "04", 'S': "05", 'p': "PM", 'z': "-0700", 'Z': "MST",
	'F': "2006-01-02", 'T': "15:04:05", 'R': "15:04", 'D': "01/02/06",
}

// formatTime writes a time, which is one of UTC.
func formatTime(pattern string, at time.Time) (string, error) {
	at = at.UTC()
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			b.WriteByte(pattern[i])
			continue
		}
		i++
		switch {
		case i == len(pattern):
			return "", fmt.Errorf("format(%s) ends with a %%; write %%%% for a percent sign", dynamic.Show(pattern))
		case pattern[i] == '%':
			b.WriteByte('%')
		case pattern[i] == 's':
			b.WriteString(strconv.FormatInt(at.Unix(), 10))
		case pattern[i] == 'L':
			fmt.Fprintf(&b, "%03d", at.Nanosecond()/1e6)
		case parts[pattern[i]] != "":
			b.WriteString(at.Format(parts[pattern[i]]))
		default:
			return "", fmt.Errorf("format: %%%c is not a part of a time; write %%Y-%%m-%%d, %%H:%%M:%%S, "+
				"%%L for milliseconds or %%s for seconds since 1970", pattern[i])
		}
	}
	return b.String(), nil
}

// wantsTime refuses what is known to be no time.
func wantsTime(name string) func(args []reflect.Type) error {
	return func(args []reflect.Type) error {
		if t := args[0]; t != timeType && !isUnknown(t) {
			return fmt.Errorf("%[1]s needs a time, got %[2]s; write %[1]s(now())", name, describeType(t))
		}
		return nil
	}
}

// sinceEpoch makes a function of a time that counts from 1970.
func sinceEpoch(name string, count func(time.Time) int64) func(*Env, []any) (any, error) {
	return func(_ *Env, args []any) (any, error) {
		at, ok := args[0].(time.Time)
		if !ok {
			return nil, fmt.Errorf("%s needs a time, got %s", name, dynamic.Describe(args[0]))
		}
		return int(count(at)), nil
	}
}

// extract is what the first group of a pattern caught, or the one with a number;
// the whole match where it has none, and nil where nothing matches. The pattern is
// a literal that was compiled when the file was read.
func extract(e *Env, args []any) (any, error) {
	text := args[0].(string)
	pattern, err := e.pattern(args[1].(string))
	if err != nil {
		return nil, err
	}
	group := min(1, pattern.NumSubexp())
	if len(args) == 3 {
		if group = args[2].(int); group < 0 || group > pattern.NumSubexp() {
			return nil, fmt.Errorf("extract: the pattern has no group %d", group)
		}
	}
	found := pattern.FindStringSubmatchIndex(text)
	if found == nil || found[2*group] < 0 {
		return nil, e.charge(len(text))
	}
	return strings.Clone(text[found[2*group]:found[2*group+1]]), e.charge(len(text))
}

// pattern compiles a pattern once for each user.
func (e *Env) pattern(source string) (*regexp.Regexp, error) {
	if found := e.patterns[source]; found != nil {
		return found, nil
	}
	made, err := regexp.Compile(source)
	if err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	if e.patterns == nil {
		e.patterns = map[string]*regexp.Regexp{}
	}
	e.patterns[source] = made
	return made, nil
}
