package walk

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// builtins gives what functions of k6 and of the language give.
type builtins struct{ *walk }

// builtinCall is what a function of k6 or of the language gives.
func (w builtins) builtinCall(e *ast.CallExpression, f builtin, in *scope, depth int) value {
	if f == "k6.group" {
		return asker(w).inGroup(e, in, depth)
	}
	if f == "k6.check" {
		return checks(w).check(e, in, depth)
	}
	all := w.arguments(e, in, depth)
	first := argument(all, 0)
	switch f {
	case "k6.sleep":
		w.sleep(e, first)
		return nil
	case "k6.fail", "execution.test.abort":
		w.end(e)
		return nil
	case "require":
		if module, ok := known(first); ok {
			return moduleValue(module, "")
		}
	case "k6.randomSeed":
		w.lookAt(e, "randomSeed is left out: --seed repeats a run of loadgate")
		return nil
	case "metric.add":
		w.Look("metrics of the script itself are left out: rules judge endpoints")
		return nil
	case "JSON.stringify":
		if a, ok := first.(answer); ok {
			return a
		}
		return json{first}
	case "JSON.parse":
		return w.parsed(e, first)
	case "open":
		return lost{w.at(e, "it is of a file: write file or data")}
	case "String":
		return joined(textOf(first))
	case "Number", "parseInt", "parseFloat":
		return toNumber(w.Script, first)
	case "encodeURIComponent", "encodeURI":
		if s, ok := known(first); ok {
			return plain(url.PathEscape(s))
		}
		return first
	case "encoding.b64encode":
		if s, ok := known(first); ok {
			return plain(base64.StdEncoding.EncodeToString([]byte(s)))
		}
	case "Date.now":
		return code("epochMs(now())", w.draw())
	}
	switch {
	case strings.HasPrefix(string(f), "console."):
		return nil
	case strings.HasPrefix(string(f), "Math."):
		return w.math(e, strings.TrimPrefix(string(f), "Math."), all)
	case strings.HasPrefix(string(f), "utils."):
		return w.utility(e, strings.TrimPrefix(string(f), "utils."), all)
	}
	return w.lose(e)
}

// parsed is what JSON.parse makes of a text.
func (w builtins) parsed(e ast.Expression, v value) value {
	switch v := v.(type) {
	case answer:
		if v.where == "body" {
			v.text = false
			return v
		}
	case json:
		return v.of
	case lost:
		return v
	}
	return w.lose(e)
}

func (w builtins) math(e ast.Expression, name string, all []value) value {
	if name == "random" {
		return random{0, 1, w.draw()}
	}
	first := argument(all, 0)
	if r, ok := first.(random); ok && math.Abs(r.low)+math.Abs(r.width) < 1<<50 {
		low, high := r.low, r.low+r.width
		switch {
		case name == "floor" && r.width >= 1:
			return whole{int64(math.Floor(low)), int64(math.Ceil(high)) - 1, r.draw}
		case name == "ceil" && r.width >= 1:
			return whole{int64(math.Floor(low)) + 1, int64(math.Ceil(high)), r.draw}
		case name == "round":
			return code("int(round("+r.code()+"))", r.draw)
		}
	}
	switch name {
	case "floor", "ceil", "round", "trunc", "abs":
		f, ok := first.(float64)
		if !ok {
			if _, is := first.(whole); is {
				return first
			}
			break
		}
		return map[string]func(float64) float64{"floor": math.Floor, "ceil": math.Ceil, "round": math.Round,
			"trunc": math.Trunc, "abs": math.Abs}[name](f)
	case "min", "max":
		var numbers []float64
		for _, v := range all {
			if f, ok := v.(float64); ok {
				numbers = append(numbers, f)
			}
		}
		if len(numbers) == len(all) && len(all) > 0 {
			if name == "min" {
				return slices.Min(numbers)
			}
			return slices.Max(numbers)
		}
	}
	return w.lose(e)
}

// letters are those that randomString draws from.
const letters = "abcdefghijklmnopqrstuvwxyz"

// utility is what a function of k6's library of utilities gives.
func (w builtins) utility(e ast.Expression, name string, all []value) value {
	low, isLow := argument(all, 0).(float64)
	high, isHigh := argument(all, 1).(float64)
	switch name {
	case "randomIntBetween":
		if isLow && isHigh && math.Abs(low) < 1<<50 && math.Abs(high) < 1<<50 && low <= high {
			return whole{int64(low), int64(high), w.draw()}
		}
	case "randomItem":
		if list, ok := argument(all, 0).(*array); ok && len(list.items) > 0 {
			return drawn{slices.Clone(list.items), w.draw()}
		}
		if l, ok := argument(all, 0).(lost); ok {
			return l
		}
	case "uuidv4":
		return code("uuid()", w.draw())
	case "randomString":
		from := letters
		if s, ok := known(argument(all, 1)); ok {
			from = s
		}
		if isLow && low >= 1 && low <= 1000 && from != "" {
			return text{parts: written.Text{{Draw: w.draw(), Code: fmt.Sprintf(
				`join(list(%d, pick(split(%s, ""))), "")`, int(low), strconv.Quote(from))}}}
		}
	}
	return w.lose(e)
}
