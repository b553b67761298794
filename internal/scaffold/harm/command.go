package harm

import (
	"regexp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// commands are keys of a body whose value says what is done.
var commands = regexp.MustCompile(`(?i)^(_?method|_?action|act|` +
	`op|oper|operation|operationname|command|cmd|event|do|task|` +
	`func|function|mode|verb|fn|method[_-]?name|procedure|proc|call|intent|transition|rpc|invoke|` +
	`(target|action|command|operation|event|message)[_-]?(name|type))$`)

// ofCommand is the value of a key that says what is done, where that is no load;
// empty: it is none.
func ofCommand(key, v string, writing bool) string {
	if !commands.MatchString(key) {
		return ""
	}
	upper := strings.ToUpper(v)
	if irreversible(v, writing) != "" || naming.First(v, riskyWords, actingVerbs) != "" ||
		slices.Contains([]string{"POST", "PUT", "PATCH", "DELETE"}, upper) {
		return v
	}
	if writing && !strings.EqualFold(key, "mode") && deedOfName(v) != "" { // a mode may be sync or async
		return v
	}
	return ""
}

// statement is what changes a database.
var statement = regexp.MustCompile(`(?i)\b(drop|truncate|alter|create)\s+(table|database|schema|index|view|user|` +
	`collection|column)\b|\bdelete\s+from\b|\btruncate\s+[\w.]+\s*;?$|\binsert\s+into\b|` +
	`\bupdate\s+[\w."]+\s+set\b|\b(grant|revoke)\s+\w+.*\b(on|to|from)\b|\bdetach\s+delete\b`)
