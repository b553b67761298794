package harm

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// Target is what a request that writes acts on.
type Target struct {
	Own     bool     // something that its group made
	Foreign []string // ids of what its group did not make
	reaches string   // why it reaches beyond the service, whosever the thing is that it acts on
}

// AddForeign adds an id of what the group did not make.
func (a *Target) AddForeign(name string) { a.Foreign = append(a.Foreign, name) }

// Refuse says why a request that writes is left to a person; empty: it acts
// on what its group made, or makes something.
func (a Target) Refuse(method string) string {
	if !Writes(method) {
		return ""
	}
	slices.Sort(a.Foreign)
	if len(a.Foreign) > 0 {
		return fmt.Sprintf("it writes to what this group did not make: %s",
			strings.Join(slices.Compact(a.Foreign), ", "))
	}
	if a.reaches != "" {
		return a.reaches
	}
	if changes(method) && !a.Own {
		why := map[string]string{
			"DELETE": "it deletes what this group did not make", "PUT": "it replaces what this group did not make",
			"PATCH": "it changes what this group did not make",
		}[method]
		return cmp.Or(why, method+" may change what this group did not make")
	}
	return ""
}

// senderID are headers that identify the sender: in a body or path, a client or device
// is a thing like others.
var senderID = regexp.MustCompile(`(?i)^(x[_-])?(client|app|application|tenant|device|org|organi[sz]ation|workspace|` +
	`realm|site|store|session)[_-]?(id|uuid|guid)$`)

// NamesSender says whether a header identifies the sender.
func NamesSender(name string) bool { return senderID.MatchString(name) }

// ListsIDs says whether a body is a list of ids and nothing else, which only
// its path could give a name.
func ListsIDs(content *node.Value) bool {
	return content != nil && content.Kind == yaml.SequenceNode &&
		slices.ContainsFunc(content.Content, func(v *node.Value) bool {
			return v.Kind == yaml.ScalarNode &&
				(v.Tag == "!!int" || strings.HasPrefix(v.Value, "${ int(") || naming.IsIDPart(v.Value))
		})
}

var (
	// placeNames are parts of a path that name a place, not someone's thing.
	placeNames = naming.OneOf(`auth`, `oauth`, `login`, `cart`,
		`basket`, `bag`, `wishlist`, `checkout`, `payment`, `session`,
		`sessions`, `new`, `import`, `export`, `bulk`, `batch`, `public`, `private`, `self`, `me`, `current`, `all`,
		`forms?`, `uploads?`, `drafts?`, `templates?`, `requests?`, `jobs?`, `events?`, `webhooks?`, `graphql`, `rpc`)
	// collectionNames are names of collections without an s.
	collectionNames = naming.OneOf(`people`, `children`, `staff`, `media`, `personnel`, `crew`, `data`)
	// numberedPlace is such a place with a number.
	numberedPlace = regexp.MustCompile(`(?i)^(v|ver|version|step|page|form|part|level|phase|stage|screen|oauth|` +
		`api|rest|saml|sha|md)[-_]?\d{1,3}(\.\d+)*$`)
	// versionedWord is a word with a small number, as in /form2.
	versionedWord = regexp.MustCompile(`^[A-Za-z]+\d{1,2}[a-z]?$`)
)

// NamesForeign says whether a part of the path of a request that writes is likely the
// name of one thing, which the group did not make: of a collection, before a verb, or
// with digits in it. An answer would have had the id of what it made.
// ids says that at this place an id was captured in another request.
func NamesForeign(parts []string, i int, ids bool) bool {
	part := parts[i]
	if part == "" || numberedPlace.MatchString(part) || prefixPart.MatchString(part) ||
		placeNames.MatchString(strings.ToLower(part)) {
		return false
	}
	first := i == 0 || parts[i-1] == "" || prefixPart.MatchString(parts[i-1])
	if strings.ContainsAny(part, "0123456789") && !scriptEnd.MatchString(part) &&
		!(first && versionedWord.MatchString(part)) {
		return true
	}
	next := ""
	if i+1 < len(parts) {
		next = parts[i+1]
	}
	if next == "" || i == 0 || Reads(part) {
		return false
	}
	before := strings.ToLower(parts[i-1])
	if ids {
		return true
	}
	if prefixPart.MatchString(before) {
		return false
	}
	plural := len(before) > 2 && strings.HasSuffix(before, "s") && !strings.HasSuffix(before, "ss")
	if plural || collectionNames.MatchString(before) {
		return true
	}
	acts := actionIn(next) != "" || slices.ContainsFunc(naming.Words(next), func(w string) bool {
		return endVerbs.MatchString(w) || endingVerbs.MatchString(w)
	})
	return acts && before != "" && i+2 >= len(parts)
}
