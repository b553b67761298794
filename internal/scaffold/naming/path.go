package naming

import (
	"regexp"
	"slices"
	"strings"
)

// Placeholder matches a part of a path that is replaced by a value, such as {id}.
var Placeholder = regexp.MustCompile(`\{([^{}]+)\}`)

// PathParts are the parts of a path that are no values, without the values that are
// in them.
func PathParts(path string) []string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.FieldsFunc(Placeholder.ReplaceAllString(path, " "), func(r rune) bool { return r == '/' })
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
	}
	return slices.DeleteFunc(parts, func(part string) bool { return part == "" })
}

// loginPath is the path of a request that logs in.
var loginPath = regexp.MustCompile(`(?i)(login|log[-_]?[io]n|sign[-_]?[io]n|token|authenticate|/auth([/?]|$))`)

// IsLogin says whether a path is that of a request that logs in.
func IsLogin(path string) bool { return loginPath.MatchString(path) }

// no are values that say no.
var no = regexp.MustCompile(`(?i)^(|0|false|no|off|none|null|n)$`)

// IsNo says whether a value says no.
func IsNo(text string) bool { return no.MatchString(text) }

// headerName is what a header may be called.
var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// IsHeader says whether a text can be the name of a header.
func IsHeader(text string) bool { return headerName.MatchString(text) }
