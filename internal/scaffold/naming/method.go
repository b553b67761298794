package naming

import "regexp"

var methodForm = regexp.MustCompile(`^[A-Z][A-Z0-9_-]{0,30}$`)

// IsMethod says whether thresholds.yaml can send requests of a method: any in capitals but CONNECT, which asks for a
// tunnel. What it takes for a misspelt one is a mistake of the file all the same.
func IsMethod(name string) bool { return methodForm.MatchString(name) && name != "CONNECT" }
