package harm

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// Things are what a service is known to hold, so that a value which refers to one of them is
// recognized whatever its name is. The zero value knows none.
type Things struct {
	kinds map[string]bool // names of collections, in the singular
	// Made says whether a value is what the group made; nil: nothing is.
	Made func(name, value string) bool
	// Told says whether an answer had a value as an id or name of a thing; nil: none had.
	Told func(value string) bool
	// Bounded says whether numbers of a name have a small upper bound, as no ids have; nil: none has.
	Bounded func(name string) bool
}

// AddPath adds the collections that a path of the service names: words before an id, and plurals.
func (t *Things) AddPath(path string) {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		if part == "" || prefixPart.MatchString(part) || isValue(part) {
			continue
		}
		words := naming.Words(part)
		if len(words) == 0 {
			continue
		}
		last := words[len(words)-1]
		if i+1 < len(parts) && isValue(parts[i+1]) || isPlural(last) || collectionNames.MatchString(last) {
			if t.kinds == nil {
				t.kinds = map[string]bool{}
			}
			t.kinds[naming.Singular(last)] = true
		}
	}
}

// isValue says whether a part of a path is one of many.
func isValue(part string) bool { return strings.Contains(part, "{") || naming.IsIDPart(part) }

// isPlural says whether a word is one for several things, by its form.
func isPlural(word string) bool {
	return len(word) > 3 && strings.HasSuffix(word, "s") && !regexp.MustCompile(`(s|u|i)s$`).MatchString(word)
}

// AddReferences adds what the names and values of a body or a query refer to. A request that reads,
// such as a search, only looks for it.
func (a *Target) AddReferences(t Things, path string, content *node.Value) {
	parts := naming.PathParts(path)
	if content == nil || slices.ContainsFunc(parts[max(0, len(parts)-1):], Reads) {
		return
	}
	r := references{Things: t, signsUp: names(content, passwordName)}
	if len(parts) > 0 {
		if words := naming.Words(parts[len(parts)-1]); len(words) > 0 {
			r.own = naming.Singular(words[len(words)-1])
		}
		r.signsUp = r.signsUp || personNames.MatchString(r.own) || r.own == "client" || r.own == "person" ||
			naming.First(parts[len(parts)-1], signUpParts) != ""
	}
	o := outreach{path: parts, signsUp: r.signsUp}
	var walk func(name string, listed bool, v *node.Value)
	walk = func(name string, listed bool, v *node.Value) {
		why := o.reaches(name, v)
		if v.Kind == yaml.ScalarNode {
			switch {
			case t.Made != nil && t.Made(name, v.Value) && !IsQuantity(name):
				a.Own = true
			case r.refers(name, v.Value, listed):
				a.AddForeign(cmp.Or(naming.Line(name), "what its body holds"))
			case why != "":
				a.reaches = cmp.Or(a.reaches, why)
			}
			return
		}
		if v.Kind == yaml.MappingNode {
			a.reaches = cmp.Or(a.reaches, why)
			before, described := o, r.described
			defer func() { o, r.described = before, described }()
			o, r.described = o.in(v), describes(v, r.own)
		}
		for key, c := range node.Children(name, v) {
			if v.Kind == yaml.MappingNode && (naming.IsUUID(key) || len(key) >= 3 && r.told(key)) {
				a.AddForeign(naming.Line(key))
			}
			walk(key, v.Kind == yaml.SequenceNode, c)
		}
	}
	walk("", false, content)
}

// references says of values of one request whether they refer to things.
type references struct {
	Things
	own     string // what the request makes by its path, in the singular: POST /votes makes a vote
	signsUp bool   // its names of people are those of an account that it makes

	described bool // the object that is read says what it is like: a code in it is that of what is made
}

// refers says whether a value is of a thing that is there: by its name where that is a word for
// things, else by its form or because an answer had it.
func (r references) refers(name, value string, listed bool) bool {
	words := naming.Words(name)
	if len(words) == 0 {
		if id := wholeNumber.MatchString(value) || naming.IsIDPart(value); id || listed {
			return id && !listed || !id && len(value) >= 3 && r.told(value) // ListsIDs knows the others
		}
		return len(value) >= 3 && r.told(value)
	}
	if IsQuantity(name) {
		return false
	}
	if r.addresses(value) {
		return true
	}
	last := naming.Singular(words[len(words)-1])
	number := wholeNumber.MatchString(value)
	generated := naming.IsUUID(value) || naming.IsIDPart(value) && !number
	switch {
	case !number && !generated && !nameOfThing.MatchString(value) || plainValue.MatchString(value):
		return false
	case r.namesPerson(words):
		return true
	case len(words) > 1 && keyWords.MatchString(last) && r.isThing(naming.Singular(words[len(words)-2])):
		return true
	case strings.EqualFold(name, "ref"), strings.EqualFold(name, "reference"):
		return r.told(value)
	case codeNames.MatchString(strings.Join(words, "_")), codeNames.MatchString(last):
		return r.told(value) && !(number && last == "code") ||
			!r.described && last != r.own && (last != "code" || codeOfThing.MatchString(value))
	}
	attribute := attributes.MatchString(last)
	switch {
	case r.told(value) && len(value) >= 3 && (number || !attribute):
		return true
	case !number && !generated && !(strings.ContainsAny(value, "0123456789") && codeOfThing.MatchString(value)):
		return last != r.own && (namedThings.MatchString(last) ||
			r.kinds[last] && !attribute && !contentNames.MatchString(last))
	case things.MatchString(last), r.kinds[last] && last != r.own:
		return true
	case last == r.own || attribute || len(last) < 3 || !listed && isPlural(words[len(words)-1]):
		return false
	case number && !listed && (value == "0" || value == "1"): // yes or no
		return false
	case number:
		return !pointInTime.MatchString(value) && (r.Bounded == nil || !r.Bounded(name)) &&
			(!listed || isPlural(words[len(words)-1]))
	}
	return (generated || capitalCode.MatchString(value) && !standard.MatchString(value)) && !ofRequest.MatchString(last)
}

// describes says whether an object says what a thing is like, beside the code that it has.
func describes(v *node.Value, own string) bool {
	for name, c := range node.Children("", v) {
		words := naming.Words(name)
		if len(words) > 1 && words[0] == own {
			words = words[1:]
		}
		if c.Kind == yaml.ScalarNode && c.Value != "" && describingNames.MatchString(strings.Join(words, "_")) {
			return true
		}
	}
	return false
}

// addresses says whether a text in one word has the id of a thing in it, as a path and a list of ids
// do.
func (r references) addresses(value string) bool {
	if strings.ContainsAny(value, " \t\n") || datePart.MatchString(value) {
		return false
	}
	runs := naming.AlphanumericRuns(value)
	for i, run := range runs {
		if len(runs) > 1 && (len(run) >= 4 && r.told(run) ||
			i > 0 && strings.Contains(value, runs[i-1]+"/"+run) && naming.IsIDPart(run) &&
				r.kinds[naming.Singular(strings.ToLower(runs[i-1]))]) {
			return true
		}
	}
	return false
}

func (r references) told(value string) bool { return r.Told != nil && r.Told(value) }

// isThing says whether a word is one for things that others have.
func (r references) isThing(word string) bool {
	return word != r.own && (things.MatchString(word) || personNames.MatchString(word) || r.kinds[word])
}

// namesPerson says whether words name an account, which the request does not make.
func (r references) namesPerson(words []string) bool {
	last := naming.Singular(words[len(words)-1])
	joined := strings.Join(words[max(0, len(words)-2):], "")
	by := last == "by" || last == "to" && receiving.MatchString(words[max(0, len(words)-2)])
	if by && len(words) > 1 {
		return true
	}
	return !r.signsUp &&
		(personNames.MatchString(last) || strings.HasSuffix(joined, "username") || joined == "userlogin")
}

var (
	wholeNumber = regexp.MustCompile(`^([0-9]{1,19}|\$\{ int\(.*\) \})$`)
	// nameOfThing is a text in one word, also with the number that makes it another each time.
	nameOfThing = regexp.MustCompile(`^[\pL\pN_@#][\pL\pN_.@#:+-]{0,63}(\$\{ seq\(\) \})?$`)
	// codeOfThing is a word with a number, as INV-1001.
	codeOfThing = regexp.MustCompile(`^\pL[\pL_]*[-_:#]?[0-9]+([-_:][\pL\pN]+)*$`)
	// capitalCode is such a word that hardly says what something is like: SKU-889, and not size-12.
	capitalCode = regexp.MustCompile(`^[A-Z]{2,}[-_:#][0-9]{2,}([-_:][A-Z0-9]+)*$`)
	// standard is the name of a rule that many follow, in the same form.
	standard = regexp.MustCompile(`^(ISO|IEC|DIN|EN|SHA|MD|AES|RSA|UTF|UTC|GMT|RFC|CP|LATIN|RAL)[-_:#]`)
	// plainValue is what says how, and not which.
	plainValue   = regexp.MustCompile(`(?i)^(|true|false|yes|no|none|null|all|any|asc|desc|auto|default|new|on|off)$`)
	receiving    = naming.OneOf(`reply`, `replied`, `assigned`, `belongs`, `sent`, `refers`, `related`, `attached`)
	passwordName = regexp.MustCompile(`(?i)pass(word|wd|wort|phrase|code)?$|^pwd$`)
	// ofRequest are names of what a client draws for a request.
	ofRequest = naming.OneOf(`request`, `nonce`, `trace`, `span`, `correlation`, `idempotency`, `state`, `salt`,
		`hash`, `checksum`, `digest`, `etag`, `signature`, `token`, `challenge`, `verifier`)
	// keyWords are words for what finds a thing, behind the word for the thing.
	keyWords = naming.OneOf(`ref`, `reference`, `key`, `slug`, `handle`, `sku`, `no`, `nr`, `number`, `code`, `isbn`,
		`uid`, `urn`, `identifier`)
)
