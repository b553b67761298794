package identity_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/thresholds"
)

const shopFile = `version: 1
target: {url: http://localhost:8000}
data:
  ids: {file: ids.csv, pick: random}
  accounts: {file: accounts.csv}
profiles: {light: {users: 10, spawn_rate: 5/s, duration: 2m}}
users:
  reader:
    wait: 1s..3s
    vars: {size: '${ int(1, 9) }', page: '${ size + 1 }'}
    start:
      - request: POST /login
        json: {user: '${ accounts.name }'}
        capture: {token: body.token}
    steps:
      - GET /items
      - 'GET /items/${ ids.id }'
      - request: POST /orders
        json: {page: '${ page }'}
        expect: status == 201
      - transaction: buying
        steps: [GET /cart, {request: POST /pay, timeout: 5s}]
  other:
    wait: 1s
    steps:
      - request: GET /mixed?small=1
        name: GET /mixed
      - request: GET /mixed?large=1
        name: GET /mixed
        times: 2
thresholds:
  all: {endpoints: "*", p95: 200ms}
`

func shopFiles() fstest.MapFS {
	return fstest.MapFS{"ids.csv": {Data: []byte("id\n1\n2\n")}, "accounts.csv": {Data: []byte("name\nada\n")}}
}

// What an edit changes is what it touches, and nothing else.
func TestPartsChangeWithWhatTheyAreOf(t *testing.T) {
	const id = "GET /items/{id}"
	everything := []string{"GET /items", id, "POST /orders", "GET /cart", "POST /pay", "GET /mixed", "buying"}
	base := identity.PartsOf(decode(t, shopFile, thresholds.Options{Files: shopFiles()}))
	for _, row := range []struct {
		name, old, new string
		around         bool     // changed
		changed        []string // names whose request did
		gone           []string // and names that are no longer there
	}{
		{"a limit", "200ms", "300ms", false, nil, nil},
		{"a comment", "users:\n", "# people\nusers:\n", false, nil, nil},
		{"one more", "- GET /items\n", "- GET /items\n      - GET /new\n", true, nil, nil},
		{"one less", "      - GET /items\n", "", true, nil, []string{"GET /items"}},
		{"a header of one", "- GET /items\n", "- {request: GET /items, headers: {X-A: a}}\n",
			false, []string{"GET /items"},
			nil},
		{"a header of all", "8000}", "8000, headers: {X-A: a}}", true, everything, nil},
		{"a prefix", "8000}", "8000/v2}", true, everything, nil},
		{"another host", "localhost", "127.0.0.1", false, nil, nil},
		{"a timeout", "timeout: 5s", "timeout: 6s", false, []string{"POST /pay", "buying"}, nil},
		{"an expect", "status == 201", "status == 200", false, []string{"POST /orders"}, nil},
		{"a condition", "expect: status", "when: size > 2\n        expect: status",
			false, []string{"POST /orders"}, nil},
		{"a capture", "- GET /items\n", "- {request: GET /items, capture: {n: body.n}}\n",
			false, []string{"GET /items"},
			nil},
		{"a redirect", "- GET /items\n", "- {request: GET /items, follow: true}\n", false, []string{"GET /items"}, nil},
		{"a WebSocket", "- GET /items\n", "- {request: GET /items, ws: [{send: a}]}\n", true,
			[]string{"GET /items"}, nil},
		{"a stream", "- GET /items\n", "- {request: GET /items, for: 5s}\n", true, []string{"GET /items"}, nil},
		{"a body", "page: '${ page }'", "page: '${ page }', b: 2", false, []string{"POST /orders"}, nil},
		{"a var behind a var", "int(1, 9)", "int(1, 8)", false, []string{"POST /orders"}, nil},
		{"a name", "- GET /items\n", "- {request: GET /items, name: items}\n", true, nil, []string{"GET /items"}},
		{"a name that was another", "- GET /items\n", "- {request: GET /items, name: items, was: GET /items}\n",
			false, nil,
			[]string{"GET /items"}},
		{"a transaction that was another", "transaction: buying\n",
			"transaction: checkout\n        was: buying\n", false,
			nil, []string{"buying"}},
		{"the start", "POST /login", "POST /session", true, nil, nil},
		{"think time", "1s..3s", "1s..4s", true, nil, nil},
		{"weight", "    wait: 1s\n", "    weight: 3\n    wait: 1s\n", true, []string{"GET /mixed"}, nil},
		{"repetition", "- GET /items\n", "- {request: GET /items, times: 2}\n", true, nil, nil},
		{"repetition in a mix", "times: 2", "times: 3", true, []string{"GET /mixed"}, nil},
		{"in a transaction", "[GET /cart,", "[GET /cart, GET /stock,", true, []string{"buying"}, nil},
	} {
		if !strings.Contains(shopFile, row.old) {
			t.Fatalf("%s: the file has no %q", row.name, row.old)
		}
		got := identity.PartsOf(decode(t, strings.Replace(shopFile, row.old, row.new, 1),
			thresholds.Options{Files: shopFiles()}))
		compareParts(t, row.name, base, got, row.around, row.changed, row.gone)
	}
	// A row of data changes what reads it; of accounts, that is the start.
	for name, row := range map[string]struct {
		around  bool
		changed []string
	}{"ids.csv": {false, []string{id}}, "accounts.csv": {true, nil}} {
		files := shopFiles()
		files[name].Data = append(files[name].Data, "9\n"...)
		compareParts(t, name, base, identity.PartsOf(decode(t, shopFile, thresholds.Options{Files: files})),
			row.around, row.changed, nil)
	}
}

func compareParts(t *testing.T, name string, base, got identity.Parts, around bool, changed, gone []string) {
	t.Helper()
	if is := got.Around != base.Around; is != around {
		t.Errorf("%s: the load around changed: %v, want %v", name, is, around)
	}
	var differ, missing []string
	for _, of := range []struct{ base, got map[string]string }{{base.Endpoints, got.Endpoints}, {base.Transactions,
		got.Transactions}} {
		for was, digest := range of.base {
			switch now, ok := of.got[was]; {
			case !ok:
				missing = append(missing, was)
			case now != digest:
				differ = append(differ, was)
			}
		}
	}
	slices.Sort(differ)
	slices.Sort(missing)
	want := slices.Sorted(slices.Values(changed))
	if !slices.Equal(differ, want) || !slices.Equal(missing, gone) {
		t.Errorf("%s: changed %q and gone %q, want %q and %q", name, differ, missing, want, gone)
	}
}

// A new name does not change the digest of a request, and the old one is known.
func TestPartsOfARenamedEndpoint(t *testing.T) {
	file := strings.Replace(shopFile, "- GET /items\n", "- {request: GET /items, name: items, was: GET /items}\n", 1)
	base := identity.PartsOf(decode(t, shopFile, thresholds.Options{Files: shopFiles()}))
	got := identity.PartsOf(decode(t,
		file,
		thresholds.Options{Files: shopFiles()}))
	if got.Endpoints["items"] != base.Endpoints["GET /items"] {
		t.Errorf("digest %s, want %s", got.Endpoints["items"], base.Endpoints["GET /items"])
	}
	if want := map[string]string{"items": "GET /items"}; !maps.Equal(got.Was, want) {
		t.Errorf("Was = %v, want %v", got.Was, want)
	}
	if _, ok := base.Endpoints["POST /login"]; ok {
		t.Error("a start step has a digest")
	}
}
