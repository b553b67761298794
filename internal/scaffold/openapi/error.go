package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

var (
	yamlLine   = regexp.MustCompile(`line (\d+): (.*)`)
	wrongShape = regexp.MustCompile(`cannot construct !!(\w+).* into .*? in (/\S*)`)
	wrongField = regexp.MustCompile(`cannot unmarshal (\w+) into (?:Go struct )?field \w*\.?([\w.]+)`)
	external   = regexp.MustCompile(`external reference: "?([^" ]+)`)
	unresolved = regexp.MustCompile(`(?:URI: |ref |reference )"?(#?[^" ]+)"?$`)
	wrongKind  = regexp.MustCompile(`bad data in "([^"]+)"`)
	shapes     = map[string]string{
		"seq": "a list", "array": "a list", "map": "a map", "object": "a map", "str": "a text", "string": "a text",
		"int": "a number", "float": "a number", "number": "a number", "bool": "a truth value", "null": "nothing",
	}
)

// yamlError says where a text is neither YAML nor JSON.
func yamlError(src []byte, err error) error {
	if strings.HasPrefix(strings.TrimSpace(string(src)), "{") {
		return input.JSONError(src)
	}
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return errors.New("it is neither YAML nor JSON")
	}
	why := m[2]
	if strings.Contains(why, "cannot start any token") {
		why = "a tab, or another sign that no value begins with"
	}
	return fmt.Errorf("line %s is not YAML (%s)", m[1], naming.Line(why))
}

// plainError is what a library says of a description, in words of its reader.
func plainError(err error) error {
	if err == nil {
		return nil
	}
	said := naming.Line(err.Error())
	if m := wrongShape.FindStringSubmatch(said); m != nil {
		return fmt.Errorf("%s is %s, where OpenAPI has something else",
			strings.Trim(m[2], "/"), cmp.Or(shapes[m[1]], m[1]))
	}
	if m := wrongField.FindStringSubmatch(said); m != nil {
		return fmt.Errorf("%s is %s, where OpenAPI has something else", m[2], cmp.Or(shapes[m[1]], m[1]))
	}
	if m := external.FindStringSubmatch(said); m != nil {
		return fmt.Errorf("it refers to %s, and what is external to it is not read: bundle it into one file", m[1])
	}
	if m := unresolved.FindStringSubmatch(said); m != nil {
		return fmt.Errorf("it refers to %s, which is not in it", m[1])
	}
	if m := wrongKind.FindStringSubmatch(said); m != nil {
		return fmt.Errorf("it refers to %s, which is not what is needed there", m[1])
	}
	if strings.Contains(said, "unmarshal") || strings.Contains(said, "cannot construct") {
		return errors.New("a part of it is not valid OpenAPI: an OpenAPI validator says which")
	}
	return err
}
