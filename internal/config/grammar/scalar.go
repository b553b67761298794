package grammar

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/unit"
)

// The ways to write a single value. A pattern and its parser accept the same texts;
// ranges are checked by the parser only, or by min, max and over.

const (
	numberPattern   = `[0-9]+(?:\.[0-9]+)?`
	durationPattern = `(?:` + numberPattern + `(?:ns|us|µs|ms|s|m|h))+`
	ratioPattern    = numberPattern + ` ?%`
	ratePattern     = numberPattern + ` ?/(?:s|min|h|day)`
	maxName         = 500 // bytes
)

var (
	visible = regexp.MustCompile(`\S`)
	oneLine = wholeText(`[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*`)
)

var (
	flagText = &scalar{name: "boolean", json: "boolean", example: "true",
		parse: func(t string) (any, error) { return t == "true", nil }}
	// Templates and expressions are compiled later, when the names they may
	// use are known.
	templateText = &scalar{name: "template", json: "string", example: `'Bearer ${ token }'`, parse: asWritten}
	exprText     = &scalar{name: "expression", json: "string",
		example: `'status == 200'`, pattern: visible, parse: notEmpty}

	durationText = durations(0)
	positiveText = durations(1)
	spanText     = &scalar{name: "duration or range", json: "string", unit: "ms, s, m, h", example: "5s..15s",
		pattern: wholeText(durationPattern + `(?: ?\.\. ?` + durationPattern + `)?`), parse: parseSpan}
	rateText  = rates(math.SmallestNonzeroFloat64)
	levelText = rates(0)
	sizeText  = &scalar{name: "size", json: "string", unit: "B, KiB, MiB, GiB, kB, MB, GB",
		example: "10MiB", pattern: wholeText(numberPattern + ` ?(?:KiB|MiB|GiB|kB|MB|GB|B)`),
		parse: func(t string) (any, error) {
			n, err := unit.ParseBytes(t)
			if err == nil && (n < 1 || n > 1<<30) {
				err = fmt.Errorf("%s is out of range; write 1B to 1GiB", t)
			}
			return n, err
		}}
	confidenceText = &scalar{name: "ratio", json: "string", unit: "%", example: "95%", pattern: wholeText(ratioPattern),
		parse: func(t string) (any, error) {
			r, err := unit.ParseRatio(t)
			if err == nil && (r < 0.5 || r > 0.9999) {
				err = fmt.Errorf("%s is out of range; write 50%% to 99.99%%", t)
			}
			return r, err
		}}
	factorText = &scalar{name: "factor", json: "string", unit: "x", example: "2x",
		pattern: wholeText(numberPattern + `x`),
		parse: func(t string) (any, error) {
			f, err := strconv.ParseFloat(strings.TrimSuffix(t, "x"), 64)
			switch {
			case err != nil && strings.HasSuffix(t, "x"), err == nil && !strings.HasSuffix(t, "x"):
				return nil, fmt.Errorf("%q has no unit; write a factor such as 2x", t)
			case err != nil:
				return nil, fmt.Errorf("%q is not a factor; write one such as 2x", t)
			case f < 1 || f > 10:
				return nil, fmt.Errorf("%s is out of range; write 1x to 10x", t)
			}
			return f, nil
		}}
	weightText = numbers("number", "3", 1_000_000)
	paceText   = numbers("number", "20", 10_000)

	nameText    = &scalar{name: "name", json: "string", example: "checkout", pattern: oneLine, parse: parseName}
	patternText = &scalar{name: "endpoint pattern", json: "string",
		example: `"GET /api/*"`, pattern: oneLine, parse: parseName}
	identText = &scalar{name: "name", json: "string", example: "token",
		pattern: wholeText(`[A-Za-z_][A-Za-z0-9_]*`), parse: parseIdentifier}
	serviceText = &scalar{name: "host name", json: "string", example: "auth",
		pattern: wholeText(hostPattern), parse: asWritten}
	envText = &scalar{name: "environment name", json: "string",
		example: "API_TOKEN", pattern: wholeText(`[A-Za-z_][A-Za-z0-9_]*`), parse: asWritten}
	headerText = &scalar{name: "header name", json: "string",
		example: "Accept", pattern: wholeText("[!#$%&'*+.^_`|~0-9A-Za-z-]+"), parse: parseHeaderName}
	hostText = &scalar{name: "host", json: "string", example: "api.example.com",
		pattern: wholeText(`[0-9A-Za-z._:/-]+|\*(?:\.[0-9A-Za-z_-]+){2,}\.?|unix:/[^\x00-\x1f\x7f]+|` +
			`[^\x00-\x1f\x7f]*\$\{[^\x00-\x1f\x7f]*`), parse: parseAllow}
	delimiterText = &scalar{name: "character or tab", json: "string", example: "';'",
		pattern: wholeText(`tab|[^"\r\n\x00]`), parse: func(text string) (any, error) {
			if text == "tab" {
				return '\t', nil
			}
			r, size := utf8.DecodeRuneInString(text)
			if size != len(text) || r == utf8.RuneError || strings.ContainsRune("\"\r\n\x00", r) {
				return nil, fmt.Errorf("%q is not a delimiter; write one character such as ';', or tab", text)
			}
			return r, nil
		}}
	fileText  = &scalar{name: "file name", json: "string", example: "accounts.csv", pattern: visible, parse: notEmpty}
	mediaText = &scalar{name: "media type", json: "string", example: "application/xml",
		pattern: wholeText(`[!-.0-~]+/[ -~]+`), parse: notEmpty}
	pathText = &scalar{name: "path", json: "string", example: "/health",
		pattern: regexp.MustCompile(`^/`), parse: parsePath}
	requestText = &scalar{name: "request", json: "string", example: "GET /api/items",
		pattern: regexp.MustCompile(`^` + methodPattern + ` +(?:` + hostPattern + `:)?/(?:[^/]|$)`),
		parse:   parseRequest}
)

func asWritten(text string) (any, error) { return text, nil }

func notEmpty(text string) (any, error) {
	if strings.TrimSpace(text) == "" {
		return nil, fmt.Errorf("is empty; write something or leave the key out")
	}
	return text, nil
}

// parseName reads a text that is printed in rows and lines.
func parseName(text string) (any, error) {
	switch {
	case strings.TrimSpace(text) == "":
		return nil, fmt.Errorf("is empty; write a name")
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return nil, fmt.Errorf("%q has a line break or control character; write it on one line", text)
	case len(text) > maxName:
		return nil, fmt.Errorf("is longer than %d bytes; write a shorter one", maxName)
	}
	return text, nil
}

// enum is a choice of words.
func enum(words ...string) *scalar {
	return &scalar{name: strings.Join(words, " or "), json: "string", example: words[0], enum: words, parse: asWritten}
}

// durations is a duration of at least low.
func durations(low time.Duration) *scalar {
	return &scalar{name: "duration", json: "string", unit: "ms, s, m, h",
		example: "10s", pattern: wholeText(durationPattern),
		parse: func(t string) (any, error) {
			d, err := unit.ParseDuration(t)
			if err == nil && d < low {
				least := "above 0s"
				if low > 1 {
					least = "of at least " + unit.Compact(low)
				}
				err = fmt.Errorf("%s is too short; write a duration %s", t, least)
			}
			return d, err
		}}
}

// rates is a rate of at least low, per second.
func rates(low float64) *scalar {
	return &scalar{name: "rate", json: "string", unit: "/s, /min, /h, /day",
		example: "10/s", pattern: wholeText(ratePattern),
		parse: func(t string) (any, error) {
			perSecond, _, err := unit.ParseRate(t)
			if err == nil && perSecond < low {
				err = fmt.Errorf("%s is too low; write a rate above 0", t)
			}
			return perSecond, err
		}}
}

// orWord is a scalar that may also be a word.
func orWord(s *scalar, word string) *scalar {
	with := *s
	with.name, with.word = s.name+" or "+word, word
	return &with
}

// counts is a whole number from low to high.
func counts(example string, low, high int) *scalar {
	return &scalar{name: "count", json: "integer", unit: "count",
		example: example, min: strconv.Itoa(low), max: strconv.Itoa(high),
		parse: func(t string) (any, error) {
			n, err := strconv.Atoi(t)
			switch {
			case err != nil:
				return nil, fmt.Errorf("%s is not a whole number; write one such as %s", t, example)
			case n < low || n > high:
				return nil, fmt.Errorf("%d is out of range; write %d to %d", n, low, high)
			}
			return n, nil
		}}
}

// numbers is a number above 0 and at most high.
func numbers(name, example string, high float64) *scalar {
	top := strconv.FormatFloat(high, 'f', -1, 64)
	return &scalar{name: name, json: "number", example: example, over: "0", max: top,
		parse: func(t string) (any, error) {
			f, err := strconv.ParseFloat(t, 64)
			switch {
			case err != nil:
				return nil, fmt.Errorf("%s is not a number; write one such as %s", t, example)
			case !(f > 0) || f > high:
				return nil, fmt.Errorf("%s is out of range; write a number above 0, at most %s", t, top)
			}
			return f, nil
		}}
}

// Extent is a range of durations; Low is High for a single one.
type Extent struct{ Low, High time.Duration }

func parseSpan(text string) (any, error) {
	low, high, ranged := strings.Cut(text, "..")
	var e Extent
	var err error
	if ranged && (low == "" || high == "" || strings.HasPrefix(high, ".")) {
		return nil, fmt.Errorf("%q is no range; write 1s..3s", text)
	}
	if e.Low, err = unit.ParseDuration(strings.TrimSpace(low)); err != nil {
		return nil, err
	}
	if e.High = e.Low; !ranged {
		return e, nil
	}
	if e.High, err = unit.ParseDuration(strings.TrimSpace(high)); err != nil {
		return nil, err
	}
	if e.High < e.Low {
		return nil, fmt.Errorf("%s is backwards; write %s..%s", text, strings.TrimSpace(high), strings.TrimSpace(low))
	}
	return e, nil
}

func parseIdentifier(text string) (any, error) {
	if !expr.ValidName(text) {
		return nil, fmt.Errorf("%q is not a name; write letters, digits and _, such as %s", text, "token")
	}
	if expr.Reserved(text) {
		return nil, fmt.Errorf("%q means something in expressions already; write another name", text)
	}
	return text, nil
}

// Bound is a limit as written: a value in the base of its unit, and the unit to
// print it in.
type Bound struct {
	Value float64
	Unit  unit.Unit
}

// limits is a value of a metric, with or without the operator that its side
// allows: 200ms or <200ms for a latency, 99.5% or >99.5% for success.
func limits(dimension unit.Unit, side metric.Side) *scalar {
	good, operator, turned := "<", "a ceiling", ">"
	if side == metric.Higher {
		good, operator, turned = ">", "a floor", "<"
	}
	s := &scalar{json: "string"}
	body := ""
	switch dimension {
	case unit.Duration:
		s.name, s.unit, s.example, body = "duration", "ms, s, m, h", "200ms", durationPattern
	case unit.Ratio:
		s.name, s.unit, s.example, body = "ratio", "%", "99.5%", ratioPattern
	default:
		s.name, s.unit, s.example, body = "rate", "/s, /min, /h, /day", "500/min", ratePattern
	}
	s.pattern = wholeText(`(?:` + good + `=? *)?` + body)
	s.parse = func(text string) (any, error) {
		plain := strings.TrimLeft(strings.TrimLeft(text, "<>="), " ")
		b, err := parseBound(dimension, plain)
		switch {
		case err != nil:
			return nil, unread(dimension, side, plain, err)
		case strings.HasPrefix(text, turned):
			return nil, fmt.Errorf("%q points the wrong way: this limit is %s; write %s", text, operator, plain)
		}
		return b, checkBound(dimension, side, b.Value, plain)
	}
	return s
}

func parseBound(dimension unit.Unit, text string) (Bound, error) {
	switch dimension {
	case unit.Duration:
		d, err := unit.ParseDuration(text)
		return Bound{float64(d), unit.Duration}, err
	case unit.Ratio:
		r, err := unit.ParseRatio(text)
		return Bound{r, unit.Ratio}, err
	}
	r, written, err := unit.ParseRate(text)
	return Bound{r, written}, err
}

// checkBound refuses limits that nothing can keep or nothing can miss.
func checkBound(dimension unit.Unit, side metric.Side, value float64, text string) error {
	switch {
	case dimension == unit.Duration && value <= 0:
		return fmt.Errorf("%s cannot be kept; write a duration above 0s", text)
	case side == metric.Higher && value <= 0, dimension == unit.Ratio && side == metric.Lower && value >= 1:
		return fmt.Errorf("%s cannot be missed; write a limit that means something or leave it out", text)
	}
	return nil
}

// unread is the error of a text that is no limit, with a remedy that is one: as it is, the parser's may be refused.
func unread(dimension unit.Unit, side metric.Side, text string, err error) error {
	if dotted, ok := dotted(text); ok {
		if number, e := strconv.ParseFloat(dotted, 64); e == nil && dimension == unit.Ratio && number < 1 {
			dotted = unit.Quantity{Value: number, Unit: unit.Ratio}.String()
		}
		if b, e := parseBound(dimension, dotted); e == nil && checkBound(dimension, side, b.Value, dotted) == nil {
			return fmt.Errorf("%q has a decimal comma; write %s", text, dotted)
		}
		return err
	}
	mark, example := "/s", "500/min"
	switch {
	case dimension == unit.Duration:
		mark, example = "ms", "200ms"
	case dimension == unit.Ratio && side == metric.Higher:
		mark, example = "%", "99.5%"
	case dimension == unit.Ratio:
		mark, example = "%", "0.5%"
	}
	b, e := parseBound(dimension, text+mark)
	if e != nil {
		return err
	}
	if e = checkBound(dimension, side, b.Value, text+mark); e != nil {
		why, _, _ := strings.Cut(e.Error(), ";")
		return fmt.Errorf("%s has no unit, and %s; write a limit such as %s", text, why, example)
	}
	if number, _ := strconv.ParseFloat(text, 64); number == 1 && dimension == unit.Ratio && side == metric.Lower {
		return fmt.Errorf("%s has no unit; write %s%%", text, text) // a ceiling of all cannot be missed
	}
	return err
}

// dotted is a text with a point for its one comma; false: it has none, or it is that of thousands.
func dotted(text string) (string, bool) {
	whole, part, ok := strings.Cut(text, ",")
	digits := len(part) - len(strings.TrimLeft(part, "0123456789"))
	if !ok || digits == 0 || digits == 3 && strings.Trim(whole, "0") != "" {
		return "", false
	}
	return whole + "." + part, true
}

// parseAllow checks one entry of an allow list. One with a variable is checked when its value is known.
func parseAllow(text string) (any, error) {
	if strings.Contains(text, "${") {
		return text, nil
	}
	return text, target.CheckEntry(text)
}
