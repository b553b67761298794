package scaffold_test

import (
	"strings"
	"testing"
)

// What a module sends that is not read has a look with its line, wherever the script calls it.
func TestK6Modules(t *testing.T) {
	const local = " of ./helpers.js, which is not read: what it sends is not here; put it into the script, or " +
		"write its requests"
	for _, test := range []struct{ name, imports, body, want string }{
		{"a helper", "import { login } from './helpers.js';", "login('ada');", "line 8: login is" + local},
		{"a default", "import login from './helpers.js';", "login('ada');", "line 8: a value is" + local},
		{"a namespace", "import * as api from './helpers.js';", "api.cart.add(1);", "line 8: cart.add is" + local},
		{"a class", "import { Api } from './helpers.js';", "new Api();", "line 8: Api is" + local},
		{"what is not called", "import { login } from './helpers.js';", "function never() { login(); }",
			"line 8: in nothing that is read: login is" + local},
		{"websockets", "import ws from 'k6/ws';", "ws.connect('ws://localhost', null, (s) => {});",
			"line 8: connect of k6/ws is a websocket and left out: write a step with ws"},
		{"new websockets", "import { WebSocket } from 'k6/websockets';", "const s = new WebSocket('ws://localhost');",
			"line 8: WebSocket of k6/websockets is a websocket and left out"},
		{"gRPC", "import grpc from 'k6/net/grpc'; const c = new grpc.Client();", "c.connect('localhost');",
			"line 1: Client of k6/net/grpc is gRPC and left out: loadgate loads HTTP"},
		{"a browser", "import { browser } from 'k6/browser';", "const p = browser.newPage();",
			"line 8: browser.newPage of k6/browser is a browser and left out: record what it sends with " +
				"loadgate record"},
		{"an extension", "import sql from 'k6/x/sql';", "sql.open('x');", "line 8: open of k6/x/sql is left out"},
		{"what it exports", "export { b } from './helpers.js';", "", "line 1: what it exports of ./helpers.js " +
			"is not read"},
		{"its addresses", "import { HOST } from './helpers.js';", "http.get(`${HOST}/a`); http.get(HOST + '/b'); " +
			"http.get(HOST + '/c');", "- GET /a\n      - GET /b\n      - GET /c\n"},
		{"its values", "import { id } from './helpers.js';", "http.get(`${B}/a/${id}`);",
			"# look: id is of ./helpers.js, which is not read: write it"},
		{"a group of chai", "import { describe } from 'https://jslib.k6.io/k6chaijs/4.3.4.3/index.js';",
			"describe('buy', () => { http.get(B + '/a'); http.get(B + '/b'); });", "- transaction: buy\n"},
		{"an older import", "const web = require('k6/http');", "web.get(B + '/a');", "- GET /a\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := fromK6(test.imports + "\n" + k6Script(test.body))
			if got := encoded(t, d, err); !strings.Contains(got, test.want) {
				t.Errorf("want\n%s\nin\n%s", test.want, got)
			}
		})
	}
	quiet := "import { textSummary } from 'https://jslib.k6.io/k6-summary/0.0.2/index.js';\nimport papaparse from " +
		"'https://jslib.k6.io/papaparse/5.1.1/index.js';\nconst rows = papaparse.parse('a');\nexport function " +
		"handleSummary(d) { " +
		"return { stdout: textSummary(d) }; }\n" + k6Script("")
	d, err := fromK6(quiet)
	if text := encoded(t, d, err); strings.Contains(text, "jslib") {
		t.Errorf("there is a look at what sends nothing in\n%s", text)
	}
}
