package export

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// seconds is a length of time as k6 reads it.
func seconds(d time.Duration) string { return fmt.Sprintf("%dms", d.Milliseconds()) }

// k6Step writes a step as a function of a user.
func (s *script) k6Step(w io.Writer, name string, st step) {
	fmt.Fprintf(w, "const %s = (u) =>\n  send(u, {\n", name)
	line := func(key, value string) { fmt.Fprintf(w, "    %s: %s,\n", key, value) }
	line("name", quoted(st.Endpoint))
	line("method", quoted(st.Method))
	if st.Host != "" {
		line("base", "hosts["+quoted(st.Host)+"]")
	}
	line("path", "() => "+st.path)
	if len(st.headers) > 0 {
		line("headers", "() => ("+members(s.words, st.headers)+")")
	}
	switch {
	case st.parts != nil:
		line("body", "() => ("+k6Parts(s.words, st.parts)+")")
	case st.body != "":
		line("body", "() => "+st.body)
	}
	if st.when != "" {
		line("when", "() => "+st.when)
	}
	switch {
	case st.expect == "":
	case st.status != nil:
		line("expect", "(a) => "+st.expect)
		line("good", "http.expectedStatuses("+ranges(st.status)+")")
	default:
		line("expect", "(a) => "+st.expect)
		line("asserts", "true")
		line("good", "http.expectedStatuses({ min: 100, max: 599 })")
	}
	if len(st.capture) > 0 {
		var keys, values []string
		for _, c := range st.capture {
			keys, values = append(keys, c.name), append(values, "(a) => "+c.value)
		}
		line("capture", s.words.Map(keys, values))
	}
	if len(st.forget) > 0 {
		line("forget", s.words.List(st.forget))
	}
	if st.Follow {
		line("redirects", "10")
	}
	line("timeout", fmt.Sprintf("%q", seconds(st.Timeout)))
	fmt.Fprint(w, "  });\n\n")
}

func members(words language, all []member) string {
	var keys, values []string
	for _, m := range all {
		keys, values = append(keys, m.name), append(values, m.value)
	}
	return words.Map(keys, values)
}

func k6Parts(words language, parts []part) string {
	var keys, values []string
	for _, p := range parts {
		value := p.text
		if value == "" {
			value = words.Call("file", []string{words.Text(encoded(p.file))})
		}
		if p.filename != "" {
			value = fmt.Sprintf("http.file(%s, %s, %s)", value, quoted(p.filename), quoted(p.kind))
		}
		keys, values = append(keys, p.name), append(values, value)
	}
	return words.Map(keys, values)
}

// ranges are numbers as k6 names them: alone, or from one to another.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, fmt.Sprint(numbers[i]))
		} else {
			parts = append(parts, fmt.Sprintf("{ min: %d, max: %d }", numbers[i], numbers[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
