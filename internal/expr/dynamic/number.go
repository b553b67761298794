package dynamic

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// exactNumber returns n as an int or a float64 when that is written with n's
// very digits. exact is false for 1.10, 1e3, -0 and integers beyond 64 bits.
func exactNumber(n json.Number) (value any, exact bool) {
	digits := string(n)
	if strings.ContainsAny(digits, ".eE") {
		if len(digits) > 24 {
			return nil, false // longer than any float64 is written
		}
		f, err := strconv.ParseFloat(digits, 64)
		if err != nil {
			return nil, false
		}
		var written [32]byte
		return f, string(AppendFloat(written[:0], f)) == digits
	}
	i, err := strconv.Atoi(digits)
	return i, err == nil && (i != 0 || digits == "0")
}

// Native turns the Go numbers that callers may hold into the ones that the
// language computes with: int and float64. Other values pass unchanged.
func Native(value any) any {
	switch v := value.(type) {
	case int8:
		return int(v)
	case int16:
		return int(v)
	case int32:
		return int(v)
	case int64:
		return int(v)
	case uint8:
		return int(v)
	case uint16:
		return int(v)
	case uint32:
		return int(v)
	case uint:
		return unsigned(uint64(v))
	case uint64:
		return unsigned(v)
	case float32:
		return float64(v)
	case json.Number:
		if n, exact := exactNumber(v); exact {
			return n
		}
	}
	return value
}

func unsigned(v uint64) any {
	if v <= math.MaxInt {
		return int(v)
	}
	return json.Number(strconv.FormatUint(v, 10))
}

// Plain returns value as an operator or a function takes it: a json.Number
// becomes an int when it is whole and fits, else a float64. Digits are lost
// here and only here.
func Plain(value any) any {
	n, ok := value.(json.Number)
	if !ok {
		return Native(value)
	}
	if i, err := strconv.Atoi(string(n)); err == nil {
		return i
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil && !math.IsInf(f, 0) {
		return string(n) // not a number after all
	}
	return f
}

// Whole returns value as an int when it is a number without fraction.
func Whole(value any) (n int, ok bool) {
	switch v := Plain(value).(type) {
	case int:
		return v, true
	case float64:
		// 2^63 is exact in float64; the comparison keeps the conversion defined.
		if v == math.Trunc(v) && v >= -(1<<63) && v < 1<<63 {
			return int(v), true
		}
	}
	return 0, false
}

// Real returns value as a float64 when it is a number.
func Real(value any) (f float64, ok bool) {
	switch v := Plain(value).(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// AppendFloat writes f as JSON and JavaScript do: plain digits from 1e-6 to
// below 1e21, else an exponent. f is finite.
func AppendFloat(dst []byte, f float64) []byte {
	format, magnitude := byte('f'), math.Abs(f)
	if magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, f, format, -1, 64)
}
