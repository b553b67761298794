package htmlpage

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
)

// The page carries its own style and script, and a policy that lets a browser
// run these two texts, known by their hashes, and load nothing: whatever slipped
// through as markup could still do nothing.

//go:embed page.tmpl page.css page.js uplot
var files embed.FS

// assets are what every page contains, as written there.
type assets struct {
	style, script, policy string
}

// load makes them for a page. One without a chart does without the library that draws charts, which is most of
// the bytes of a small page; one with a form may send it to where the page came from.
func load(drawn, asks bool) (assets, error) {
	var texts []string
	for _, name := range []string{"uplot/uPlot.min.css", "page.css",
		"uplot/LICENSE", "uplot/uPlot.iife.min.js", "page.js"} {
		text, err := files.ReadFile(name)
		if err != nil {
			return assets{}, err
		}
		texts = append(texts, string(text))
	}
	a := assets{style: texts[1], script: texts[4]}
	if drawn {
		a.style = texts[0] + "\n" + a.style
		a.script = "/* uPlot:\n" + texts[2] + "*/\n" + texts[3] + "\n" + a.script
	}
	action := "'none'"
	if asks {
		action = "'self'"
	}
	a.policy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action %s",
		digest(a.style), digest(a.script), action)
	return a, nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// columnedRow is a row with the heads above it.
type columnedRow struct {
	Columns []Column
	Cells   []Cell
}

// Write writes the page. Its errors are those of the writer.
func Write(w io.Writer, d Document) error {
	all := d.charts()
	a, err := load(len(all) > 0, d.asks())
	if err != nil {
		return err
	}
	data, err := all.script()
	if err != nil {
		return err
	}
	moments, err := inScript(d.Moments)
	if err != nil {
		return err
	}
	picks, err := d.pickScript()
	if err != nil {
		return err
	}
	drawn, picked := 0, 0
	parsed, err := template.New("page.tmpl").Funcs(template.FuncMap{
		"style":   func() template.CSS { return template.CSS(a.style) },
		"script":  func() template.JS { return template.JS(a.script) },
		"data":    func() template.JS { return template.JS(data) },
		"moments": func() template.JS { return template.JS(moments) },
		"picks":   func() template.JS { return template.JS(picks) },
		// href is safe as it is: a Href is made of nothing else.
		"href":   func(h Href) template.URL { return template.URL(h.to) },
		"policy": func() string { return a.policy },
		// chart numbers the charts as they are written, which is their order in
		// the data.
		"chart":   func() int { drawn++; return drawn - 1 },
		"pick":    func() int { picked++; return picked - 1 },
		"picked":  func() bool { return picked > 0 },
		"percent": func(share float64) string { return fmt.Sprintf("%.1f", 100*min(max(share, 0), 1)) },
		"row":     func(columns []Column, r Row) columnedRow { return columnedRow{columns, r.Cells} },
	}).ParseFS(files, "page.tmpl")
	if err != nil {
		return err
	}
	return parsed.Execute(w, d)
}
