package export

import (
	"fmt"
	"io"
	"strings"
)

// locustStep writes a step as a method of a class.
func (s *script) locustStep(w io.Writer, name string, st step) {
	fmt.Fprintf(w, "\n    def %s(self, u):\n        return self.send(\n", name)
	path := st.path
	if st.Host != "" {
		path = "HOSTS[" + quoted(st.Host) + "] + " + path
	}
	fmt.Fprintf(w, "            %s, %s, path=lambda: %s,\n", quoted(st.Method),
		quoted(strings.TrimPrefix(st.Endpoint, st.Method+" ")), path)
	line := func(key, value string) { fmt.Fprintf(w, "            %s=%s,\n", key, value) }
	if len(st.headers) > 0 {
		line("headers", "lambda: "+members(s.words, st.headers))
	}
	switch {
	case st.parts != nil:
		var parts []string
		for _, p := range st.parts {
			content, filename, kind := p.text, "None", "None"
			if content == "" {
				content = s.words.Call("file", []string{s.words.Text(encoded(p.file))})
			}
			if p.filename != "" {
				filename = quoted(p.filename)
			}
			if p.kind != "" {
				kind = quoted(p.kind)
			}
			parts = append(parts, fmt.Sprintf("(%s, (%s, %s, %s))", quoted(p.name), filename, content, kind))
		}
		line("files", "lambda: ["+strings.Join(parts, ", ")+"]")
	case st.body != "":
		line("body", "lambda: "+st.body)
	}
	if st.when != "" {
		line("when", "lambda: "+st.when)
	}
	if st.expect != "" {
		line("expect", "lambda a: "+st.expect)
	}
	if len(st.capture) > 0 {
		var keys, values []string
		for _, c := range st.capture {
			keys, values = append(keys, c.name), append(values, "lambda a: "+c.value)
		}
		line("capture", s.words.Map(keys, values))
	}
	if len(st.forget) > 0 {
		line("forget", s.words.List(st.forget))
	}
	if st.Follow {
		line("follow", "True")
	}
	fmt.Fprintf(w, "            timeout=%g, u=u,\n        )\n", st.Timeout.Seconds())
}
