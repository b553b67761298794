package postman

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/scaffold/written"
)

// variablesOf are the variables of a list that are not switched off.
func variablesOf(list gjson.Result) map[string]variable {
	all := map[string]variable{}
	for _, v := range list.Array() {
		name := v.Get("key").String()
		if name == "" {
			name = v.Get("id").String()
		}
		if name == "" || v.Get("disabled").Bool() {
			continue
		}
		value, bare := v.Get("value").String(), ""
		if scheme, rest, is := strings.Cut(value, "://"); is { // the host of an address is no secret, as its user is
			_, after := written.CutUser(written.Plain(rest))
			if text, _ := after.Literal(); text != rest {
				bare = scheme + "://" + text
			}
		}
		all[name] = variable{value, v.Get("type").String() == "secret" || secrets.Is(name, cmp.Or(bare, value)) ||
			value == "" && (secrets.InName(name) || secrets.IsHeader(name))}
	}
	return all
}

var (
	reference   = regexp.MustCompile(`\{\{\s*([^{}]{1,200}?)\s*\}\}`)
	noNameOfEnv = regexp.MustCompile(`[^A-Za-z0-9_]+`)
)

const (
	// Bounds of a text with its variables.
	deepestVariable = 5
	longestText     = 256 << 10
	mostExpanded    = 50_000
	mostReferences  = 2000
)

// text is a text of the collection with its variables.
func (c *collection) text(s string) written.Text { return c.expand(s, 0) }

func (c *collection) expand(s string, depth int) (t written.Text) {
	if c.expanded++; len(s) > longestText || c.expanded > mostExpanded {
		return written.Text{{Lost: "it has a text that is too long"}}
	}
	all := reference.FindAllStringSubmatchIndex(s, mostReferences+1)
	if len(all) > mostReferences {
		return written.Text{{Lost: "it has a text with too many variables: write it"}}
	}
	at := 0
	for _, m := range all {
		t = append(t, written.Plain(s[at:m[0]])...)
		t = append(t, c.value(s[m[2]:m[3]], depth)...)
		at = m[1]
	}
	t = append(t, written.Plain(s[at:])...)
	return joined(t)
}

// joined is a text whose neighbours that are known are one.
func joined(t written.Text) (out written.Text) {
	for _, p := range t {
		if last := len(out) - 1; last >= 0 && out[last].Literal != "" && p.Literal != "" {
			out[last].Literal += p.Literal
			continue
		}
		out = append(out, p)
	}
	return out
}

// value is a variable: one that a script set, one that Postman draws, one of the collection, or
// else one of the environment.
func (c *collection) value(name string, depth int) written.Text {
	if a := c.set[name]; a != nil {
		return written.Text{{Answer: a}}
	}
	if drawn, is := strings.CutPrefix(name, "$"); is {
		if code := drawnBy[drawn]; code != "" {
			return written.Text{{Code: code}}
		}
		return written.Text{{Lost: "it shows a value that Postman draws and init does not know"}}
	}
	env := strings.Trim(noNameOfEnv.ReplaceAllString(name, "_"), "_")
	v, has := c.variables[name]
	switch {
	case has && v.secret:
		return hidden(name, written.Plain(v.value))
	case has && v.value != "" && depth < deepestVariable:
		if scheme, rest, is := strings.Cut(v.value, "://"); is {
			if user, after := written.CutUser(c.expand(rest, depth+1)); user != nil {
				return joined(slices.Concat(written.Plain(scheme+"://"), hiddenUser(name, user), written.Plain("@"),
					after))
			}
		}
		return c.expand(v.value, depth+1)
	case env == "" || env[0] >= '0' && env[0] <= '9':
		return written.Text{{Lost: "it shows a variable that the collection does not have"}}
	}
	return written.Text{{Env: env}}
}

// hiddenUser is the user and the password of an address that a variable has, which other texts may show, too.
func hiddenUser(of string, user written.Text) written.Text {
	text, known := user.Literal()
	if !known {
		return user
	}
	name, password, has := strings.Cut(text, ":")
	out := hidden(of+"_username", written.Plain(name))
	if has {
		out = slices.Concat(out, written.Plain(":"), hidden(of+"_password", written.Plain(password)))
	}
	return out
}

// drawnBy are the dynamic variables of Postman that expressions have, too.
var drawnBy = map[string]string{
	"guid": "uuid()", "randomUUID": "uuid()", "timestamp": "epoch(now())", "isoTimestamp": "now()",
	"randomInt": "int(0, 1000)", "randomBoolean": "chance(0.5)",
}

// fields are the names and values of a list that are not switched off.
func (c *collection) fields(v gjson.Result) []written.Field {
	all := []written.Field{}
	for _, one := range v.Array() {
		if name := one.Get("key").String(); name != "" && !one.Get("disabled").Bool() {
			all = append(all, written.Field{Name: name, Value: c.text(one.Get("value").String())})
		}
	}
	return all
}
