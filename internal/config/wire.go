package config

import (
	"encoding/json"
	"strconv"

	"github.com/loadgate/loadgate/internal/target"
)

// protocolText takes 1.1 and 2 as YAML reads them, as numbers, and in quotes.
var protocolText = &scalar{name: "HTTP version", example: "2",
	enum: []string{"auto", "1.1", "2", "h2c"}, bare: true, parse: parseProtocol}

// serverText is a host as a certificate names it.
var serverText = &scalar{name: "host name", json: "string", example: "api.internal",
	pattern: whole(`[0-9A-Za-z._:-]+`), parse: asWritten}

func parseProtocol(text string) (any, error) {
	return map[string]target.Protocol{"auto": target.Auto, "1.1": target.HTTP1, "2": target.HTTP2,
		"h2c": target.H2C}[text], nil
}

// number is a number of YAML as the texts of an enum write it: 2.0 is 2.
func number(text string) string {
	if f, err := strconv.ParseFloat(text, 64); err == nil && decimal(text) {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return text
}

// bareWords lists the texts of an enum that YAML reads as numbers, for the
// schema.
func bareWords(words []string) []any {
	var numbers []any
	for _, word := range words {
		if decimal(word) {
			numbers = append(numbers, json.Number(word))
		}
	}
	return numbers
}
