package secrets

import (
	"strconv"
	"strings"
	"text/scanner"
)

// token is a piece of an expression with its place.
type token struct {
	text     string // of a text without its quotes
	isText   bool
	isNumber bool
	isWord   bool
	isName   bool // of a value, or before one in a map
	divides  bool // and, or

	call     string // whose argument it is; empty: of none
	argument int    // which of them, from 0
	key      string // of the map that it is a value of; empty: of none
}

func (t token) is(mark string) bool { return !t.isText && !t.isWord && t.text == mark }

// tokensOf are the pieces of an expression. What is no token is a mark.
func tokensOf(code string) (all []token) {
	var s scanner.Scanner
	s.Init(strings.NewReader(code))
	s.Mode = scanner.ScanIdents | scanner.ScanInts | scanner.ScanFloats | scanner.ScanStrings |
		scanner.ScanRawStrings | scanner.ScanChars
	s.Error = func(*scanner.Scanner, string) {}
	for kind := s.Scan(); kind != scanner.EOF; kind = s.Scan() {
		t := token{text: s.TokenText()}
		switch kind {
		case scanner.Ident:
			t.isWord = true
			t.divides = t.text == "and" || t.text == "or"
		case scanner.Int, scanner.Float:
			t.isNumber = true
		case scanner.String, scanner.RawString, scanner.Char:
			t.isText, t.text = true, unquoted(t.text)
		case '&', '|':
			if last := len(all) - 1; last >= 0 && all[last].is(t.text) {
				all[last].divides = true
				continue
			}
		}
		all = append(all, t)
	}
	return all
}

// keywords are words of expressions that are no values.
var keywords = []string{"in", "not", "contains", "startsWith", "endsWith", "matches", "nil", "true", "false", "let"}

// unquoted is a text of an expression without its quotes.
func unquoted(text string) string {
	if plain, err := strconv.Unquote(text); err == nil {
		return plain
	}
	return strings.Trim(text, "\"'`") // of one that ends nowhere, or has an escape of another language
}
