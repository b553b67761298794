package digest

import (
	"iter"
	"strings"
)

// Choose finds the first challenge that can be answered in the WWW-Authenticate headers of an answer: servers name the
// one first that they like best. Challenges of other schemes, with unknown algorithms, or that are not well formed are
// passed over. False: there is none.
func Choose(headers iter.Seq[[]byte]) (*Challenge, bool) {
	var c Challenge
	for header := range headers {
		for scheme, parameters := range challenges(string(header)) {
			if strings.EqualFold(scheme, "Digest") && c.from(parameters) {
				return &c, true
			}
		}
	}
	return nil, false
}

// challenges are the challenges of one header with their parameters by name, RFC 9110 section 11.6.1; names in lower
// case. One that is not well formed is left out, and so is what follows it where its end cannot be known.
func challenges(header string) iter.Seq2[string, map[string]string] {
	return func(yield func(string, map[string]string) bool) {
		r := reader{header}
		scheme, parameters, wrong := "", map[string]string{}, false
		for {
			r.skip(" \t,")
			word := r.token()
			if word == "" {
				break
			}
			spaced := r.skip(" \t")
			if scheme != "" && r.take('=') {
				r.skip(" \t")
				value, ok := r.value()
				if !ok {
					return
				}
				name := strings.ToLower(word)
				_, twice := parameters[name]
				wrong = wrong || twice // which of the two holds is not for us to choose
				parameters[name] = value
				continue
			}
			if scheme != "" && !wrong && !yield(scheme, parameters) {
				return
			}
			scheme, parameters, wrong = word, map[string]string{}, false
			if spaced {
				r.token68()
			}
		}
		if r.rest == "" && scheme != "" && !wrong {
			yield(scheme, parameters)
		}
	}
}

// reader takes pieces from the beginning of a text.
type reader struct{ rest string }

// skip takes any of these bytes and reports whether there was one.
func (r *reader) skip(any string) bool {
	rest := strings.TrimLeft(r.rest, any)
	skipped := len(rest) < len(r.rest)
	r.rest = rest
	return skipped
}

func (r *reader) take(b byte) bool {
	if r.rest == "" || r.rest[0] != b {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// token takes a token; "": there is none.
func (r *reader) token() string {
	n := 0
	for n < len(r.rest) && isTokenByte(r.rest[n]) {
		n++
	}
	token := r.rest[:n]
	r.rest = r.rest[n:]
	return token
}

// token68 takes what some schemes have instead of parameters, and nothing where parameters follow.
func (r *reader) token68() {
	n := 0
	for n < len(r.rest) && (isTokenByte(r.rest[n]) || r.rest[n] == '/') {
		n++
	}
	for n < len(r.rest) && r.rest[n] == '=' {
		n++
	}
	if end := strings.TrimLeft(r.rest[n:], " \t"); end == "" || end[0] == ',' {
		r.rest = end
	}
}

// value takes a quoted string, or what comes before the next blank or comma: not every server puts quotes around what
// is more than a token. False: it has no end, or bytes that a header cannot have.
func (r *reader) value() (string, bool) {
	if !r.take('"') {
		n := 0
		for n < len(r.rest) && r.rest[n] > ' ' && r.rest[n] < 0x7f && r.rest[n] != ',' && r.rest[n] != '"' {
			n++
		}
		value := r.rest[:n]
		r.rest = r.rest[n:]
		return value, true
	}
	var out strings.Builder
	for i := 0; i < len(r.rest); i++ {
		b := r.rest[i]
		if b == '"' {
			r.rest = r.rest[i+1:]
			return out.String(), true
		}
		if b == '\\' && i+1 < len(r.rest) {
			i++
			b = r.rest[i]
		}
		if b < ' ' && b != '\t' || b == 0x7f {
			return "", false
		}
		out.WriteByte(b)
	}
	return "", false
}

// isTokenByte reports whether a token of RFC 9110, section 5.6.2, may hold a byte.
func isTokenByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' ||
		strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}
