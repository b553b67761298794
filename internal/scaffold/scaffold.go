// Package scaffold lists what a first thresholds.yaml is made from: a description in
// OpenAPI, recordings of a browser, scripts of other tools, what was measured. A source makes a draft; it is a file
// of this package, or a package below it where it is large. init offers them all. This package
// reads no file and asks no service.
package scaffold

import (
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/har"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/jmeter"
	"github.com/loadgate/loadgate/internal/scaffold/k6script"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile"
	"github.com/loadgate/loadgate/internal/scaffold/openapi"
	"github.com/loadgate/loadgate/internal/scaffold/postman"
)

// Source is one kind of thing that a draft is made from. Exactly one of FromFiles and
// FromResult is set.
type Source struct {
	Flag  string // of init, without dashes
	Usage string // the flag's help
	Many  bool   // the flag may be repeated

	// FromFiles drafts from files, at least one, and exactly one unless Many.
	FromFiles func([]input.File, draft.Options) (*draft.Draft, error)
	// Through is the program that turns each file into what FromFiles reads; nil: it reads them as they are.
	Through *input.Program
	// FromResult drafts from a result of loadgate, or of another tool that can be imported.
	FromResult func(*result.Result, draft.Options) (*draft.Draft, error)
}

// Sources are all that init knows.
var Sources = []Source{
	{Flag: "openapi", Usage: "OpenAPI description: a file or a URL", FromFiles: single(openapi.Draft)},
	{Flag: "har", Usage: "HAR file (may be repeated)", Many: true, FromFiles: har.Draft},
	{Flag: "locustfile", Usage: "script of Locust: it is read with python3, and not run",
		FromFiles: single(locustfile.Draft), Through: locustfile.Program},
	{Flag: "jmx", Usage: "test plan of JMeter", FromFiles: single(jmeter.Draft)},
	{Flag: "k6", Usage: "k6 script file", FromFiles: single(k6script.Draft)},
	{Flag: "postman", Usage: "Postman collection file, version 2.0 or 2.1", FromFiles: single(postman.Draft)},
	{Flag: "results", Usage: "result of loadgate or of another tool, such as Locust's report_stats.csv",
		FromResult: fromResult},
}

// single is a source that takes a single file.
func single(
	from func(input.File, draft.Options) (*draft.Draft, error),
) func([]input.File, draft.Options) (*draft.Draft, error) {
	return func(files []input.File, o draft.Options) (*draft.Draft, error) { return from(files[0], o) }
}
