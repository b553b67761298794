package walk

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/grafana/sobek/ast"

	"github.com/loadgate/loadgate/internal/scaffold/secrets"
)

// remedies are what to do for modules that send what a draft cannot have, by how their names begin.
var remedies = []struct{ module, what string }{
	{"k6/ws", "is a websocket and left out: write a step with ws"},
	{"k6/websockets", "is a websocket and left out: write a step with ws"},
	{"k6/experimental/websockets", "is a websocket and left out: write a step with ws"},
	{"k6/net/grpc", "is gRPC and left out: loadgate loads HTTP"},
	{"k6/experimental/grpc", "is gRPC and left out: loadgate loads HTTP"},
	{"k6/browser", "is a browser and left out: record what it sends with loadgate record"},
	{"k6/experimental/browser", "is a browser and left out: record what it sends with loadgate record"},
	{"k6/", "is left out: loadgate loads HTTP alone"},
	{"https://jslib.k6.io/k6chaijs", "is left out: write expect"},
	{"https://jslib.k6.io/httpx", "is left out: write its requests with k6/http, or as steps"},
}

// sendsNothing are modules that compute, print or wait, and send no request.
var sendsNothing = regexp.MustCompile(`^k6/(html|crypto|secrets|timers|experimental/(webcrypto|fs|streams|csv))$|` +
	`^https://(jslib\.k6\.io/(papaparse|k6-summary|k6-utils|url|formdata|form-urlencoded|ajv|jsonpath|functional)/|` +
	`raw\.githubusercontent\.com/benc-uk/k6-reporter/)`)

// why says why the text of a script does not say what something of a module is.
func (f foreign) why() string {
	return fmt.Sprintf("%s is of %s, which is not read: write it", secrets.Line(f.called()), secrets.Line(f.module))
}

// called is what something of a module is called.
func (f foreign) called() string {
	if f.name == "" || f.name == "default" {
		return "a value"
	}
	return f.name
}

// outside says what is missing where the script calls what is not read, and gives what is not known.
func (w *walk) outside(e ast.Expression, f foreign) value {
	w.asked[e.Idx0()] = true
	if what := f.missing(); what != "" {
		w.lookAt(e, what)
	}
	return lost{w.at(e, f.why())}
}

// missing says what a draft does not have of a call of a module; empty: nothing.
func (f foreign) missing() string {
	if sendsNothing.MatchString(f.module) {
		return ""
	}
	name := secrets.Line(f.called())
	for _, r := range remedies {
		if strings.HasPrefix(f.module, r.module) {
			return fmt.Sprintf("%s of %s %s", name, secrets.Line(f.module), r.what)
		}
	}
	return fmt.Sprintf("%s is of %s, which is not read: what it sends is not here; put it into the script, or write "+
		"its requests", name, secrets.Line(f.module))
}

// foreignIn is what of another module an expression calls, by what that is called in the script.
func (s *Script) foreignIn(callee ast.Expression) (f foreign, ok bool) {
	switch e := callee.(type) {
	case *ast.Identifier:
		f, ok = s.global.values[e.Name.String()].(foreign)
	case *ast.DotExpression:
		if of, isName := e.Left.(*ast.Identifier); isName {
			if f, ok = s.global.values[of.Name.String()].(foreign); ok {
				f.name = e.Identifier.Name.String()
			}
		}
	}
	return f, ok
}
