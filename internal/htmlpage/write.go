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

//go:embed page.tmpl page.css page.js live.css live.js uplot
var files embed.FS

// assets are what every page contains, as written there.
type assets struct {
	style, script, policy string
}

func load(live bool) (assets, error) {
	var texts []string
	for _, name := range []string{"uplot/uPlot.min.css", "page.css", "live.css",
		"uplot/LICENSE", "uplot/uPlot.iife.min.js", "page.js", "live.js"} {
		text, err := files.ReadFile(name)
		if err != nil {
			return assets{}, err
		}
		texts = append(texts, string(text))
	}
	a := assets{
		style:  texts[0] + "\n" + texts[1],
		script: "/* uPlot:\n" + texts[3] + "*/\n" + texts[4] + "\n" + texts[5],
	}
	connect := ""
	if live {
		a.style, a.script, connect = a.style+texts[2], a.script+texts[6], " connect-src 'self';"
	}
	a.policy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s';%s base-uri 'none'; form-action 'none'",
		digest(a.style), digest(a.script), connect)
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
func Write(w io.Writer, d Document) error { return write(w, d, nil) }

// write writes the page, live or not.
func write(w io.Writer, d Document, live *Live) error {
	a, err := load(live != nil)
	if err != nil {
		return err
	}
	data, err := d.charts().script()
	if err != nil {
		return err
	}
	parsed, err := parse(a, data, live)
	if err != nil {
		return err
	}
	return parsed.Execute(w, d)
}

// parse is the template of a page, and of its parts.
func parse(a assets, data string, live *Live) (*template.Template, error) {
	drawn := 0
	return template.New("page.tmpl").Funcs(template.FuncMap{
		"style":  func() template.CSS { return template.CSS(a.style) },
		"script": func() template.JS { return template.JS(a.script) },
		"data":   func() template.JS { return template.JS(data) },
		"policy": func() string { return a.policy },
		"live":   func() *Live { return live },
		// chart numbers the charts as they are written, which is their order in
		// the data.
		"chart":   func() int { drawn++; return drawn - 1 },
		"percent": func(share float64) string { return fmt.Sprintf("%.1f", 100*min(max(share, 0), 1)) },
		"width":   func(low, high float64) float64 { return min(max(high, 0), 1) - min(max(low, 0), 1) },
		"row":     func(columns []Column, r Row) columnedRow { return columnedRow{columns, r.Cells} },
	}).ParseFS(files, "page.tmpl")
}
