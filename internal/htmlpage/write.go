package htmlpage

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// The page carries its own style and script, and a policy that lets a browser
// run these two texts, known by their hashes, and load nothing: whatever slipped
// through as markup could still do nothing.

//go:embed page.tmpl page.css page.js live.css live.js uplot
var files embed.FS

// assets are what every page contains, as written there.
type assets struct {
	style, script, policy string
}

// load makes them for a page. One without a chart does without the library that draws charts, which is most of
// the bytes of a small page; one with a form may send it to where the page came from, and a live one may ask there
// for what is new.
func load(drawn, asks, live bool) (assets, error) {
	texts := map[string]string{}
	for _, name := range []string{"uplot/uPlot.min.css", "page.css", "live.css",
		"uplot/LICENSE", "uplot/uPlot.iife.min.js", "page.js", "live.js"} {
		text, err := files.ReadFile(name)
		if err != nil {
			return assets{}, err
		}
		texts[name] = string(text)
	}
	a := assets{style: texts["page.css"], script: texts["page.js"]}
	if drawn {
		a.style = texts["uplot/uPlot.min.css"] + "\n" + a.style
		a.script = "/* uPlot:\n" + texts["uplot/LICENSE"] + "*/\n" + texts["uplot/uPlot.iife.min.js"] + "\n" + a.script
	}
	action, connect := "'none'", ""
	if asks {
		action = "'self'"
	}
	if live {
		a.style, a.script, connect = a.style+texts["live.css"], a.script+texts["live.js"], "connect-src 'self'; "
	}
	a.policy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; %sbase-uri 'none'; form-action %s",
		digest(a.style), digest(a.script), connect, action)
	return a, nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Write writes the page. Its errors are those of the writer.
func Write(w io.Writer, d Document) error { return write(w, d, nil) }

// write writes the page, live or not.
func write(w io.Writer, d Document, live *Live) error {
	all := d.charts()
	a, err := load(len(all) > 0 || live != nil, d.asks() || live != nil, live != nil)
	if err != nil {
		return err
	}
	t := texts{assets: a}
	for _, part := range []struct {
		text *string
		of   func() (string, error)
	}{
		{&t.charts, all.script}, {&t.picks, d.pickScript},
		{&t.moments, func() (string, error) { return inScript(d.Moments) }},
	} {
		if *part.text, err = part.of(); err != nil {
			return err
		}
	}
	parsed, err := parse(t, live)
	if err != nil {
		return err
	}
	return parsed.Execute(w, d)
}

// texts are what a page has beside its document.
type texts struct {
	assets
	charts, picks, moments string
}

// parse is the template of a page, and of its parts.
func parse(t texts, live *Live) (*template.Template, error) {
	drawn, picked := 0, 0
	var parsed *template.Template
	link := func(l Link) (string, error) {
		var b strings.Builder
		err := parsed.ExecuteTemplate(&b, "link", l)
		return b.String(), err
	}
	parsed, err := template.New("page.tmpl").Funcs(template.FuncMap{
		"style":   func() template.CSS { return template.CSS(t.style) },
		"script":  func() template.JS { return template.JS(t.script) },
		"data":    func() template.JS { return template.JS(t.charts) },
		"moments": func() template.JS { return template.JS(t.moments) },
		"picks":   func() template.JS { return template.JS(t.picks) },
		// href is safe as it is: a Href is made of nothing else.
		"href":   func(h Href) template.URL { return template.URL(h.to) },
		"policy": func() string { return t.policy },
		"live":   func() *Live { return live },
		// chart numbers the charts as they are written, which is their order in
		// the data.
		"chart":  func() int { drawn++; return drawn - 1 },
		"pick":   func() int { picked++; return picked - 1 },
		"picked": func() bool { return picked > 0 },
		"table":  tableWriter(link),
	}).ParseFS(files, "page.tmpl")
	return parsed, err
}
