package history_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/history/postgres"
	"github.com/loadgate/loadgate/internal/history/storetest"
	"github.com/loadgate/loadgate/internal/result"
)

// blocks are those of a language in docs/history.md.
func blocks(t *testing.T, language string) (all []string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/history.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		all = append(all, m[1])
	}
	return all
}

// The tables, the rights and the query of the page work, and the tables are those that a run would make.
func TestStatementsOfThePage(t *testing.T) {
	sql := blocks(t, "sql")
	if len(sql) != 3 {
		t.Fatalf("%d blocks of SQL, want tables, rights and a query", len(sql))
	}
	if want := strings.Join(postgres.Tables(), ";\n") + ";\n"; sql[0] != want {
		t.Errorf("the page makes\n%s\nwant\n%s", sql[0], want)
	}
	address := storetest.Postgres(t)
	owner := connect(t, address)
	for _, block := range sql[:2] {
		for statement := range strings.SplitSeq(strings.TrimSpace(block), ";\n") {
			exec(t, owner, statement)
		}
	}
	as := func(role string) string {
		exec(t, owner, "ALTER ROLE "+role+" PASSWORD 'word'")
		return strings.Replace(address, "tester:"+storetest.PasswordInURL, role+":word", 1)
	}
	s := history.Open(as("loadgate"))
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	recent := func(run *baseline.Run, r *result.Result) {
		r.Started = time.Now().Truncate(time.Second)
		run.Started = r.Started
	}
	id := put(t, s, 0, recent)
	rejected := put(t, s, 0, recent)
	if _, err := s.Mark(rejected, baseline.Mark{Reason: "cold", At: noon}); err != nil {
		t.Fatal(err)
	}
	if got := ids(list(t, s)); len(got) != 2 {
		t.Errorf("List = %v", got)
	}
	if _, err := s.Prune(1, noon); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("Prune without DELETE = %v", err)
	}
	dashboard := connect(t, as("grafana"))
	rows, err := dashboard.Query(t.Context(), sql[2])
	if err != nil {
		t.Fatal(err)
	}
	type point struct {
		Time   time.Time
		Metric string
		P95    float64
	}
	points, err := pgx.CollectRows(rows, pgx.RowToStructByPos[point])
	if err != nil || len(points) != 1 || points[0].Metric != "GET /items" || points[0].P95 != 0.04 {
		t.Errorf("the query gives %v, %v, want the p95 of %s", points, err, id)
	}
	if _, err := dashboard.Exec(t.Context(), "SELECT result FROM loadgate_run"); err == nil {
		t.Error("the dashboard reads results")
	}
}

// With the rights of the page all but pruning works.
func TestPolicyOfThePage(t *testing.T) {
	var policy struct {
		Statement []struct {
			Action    any
			Resource  string
			Condition struct{ StringLike map[string]string }
		}
	}
	if err := json.Unmarshal([]byte(blocks(t, "json")[0]), &policy); err != nil {
		t.Fatal(err)
	}
	allows := func(action, resource, prefix string) bool {
		for _, of := range policy.Statement {
			text, err := json.Marshal(of.Action)
			if err != nil {
				t.Fatal(err)
			}
			within, _ := path.Match(of.Resource, resource)
			pattern := of.Condition.StringLike["s3:prefix"]
			if strings.Contains(string(text), `"`+action+`"`) && within &&
				(pattern == "" || strings.HasPrefix(prefix, strings.TrimSuffix(pattern, "*"))) {
				return true
			}
		}
		return false
	}
	s := storetest.NewS3(t)
	refused := 0
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		resource := "arn:aws:s3:::" + strings.Trim(r.URL.Path, "/")
		action := map[string]string{"GET": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}[r.Method]
		if r.URL.Query().Get("list-type") != "" {
			action = "s3:ListBucket"
		}
		if allows(action, resource, r.URL.Query().Get("prefix")) {
			return false
		}
		refused++
		http.Error(w, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", http.StatusForbidden)
		return true
	}
	storetest.Setenv(t, storetest.Environment(s.URL))
	store := history.Open("s3://load-tests/shop")
	if err := store.Check(); err != nil {
		t.Fatal(err)
	}
	id := put(t, store, 0)
	put(t, store, 1)
	if _, err := store.Mark(id, baseline.Mark{Reason: "cold", At: noon}); err != nil {
		t.Error(err)
	}
	if _, _, _, err := store.Get("last"); err != nil || len(list(t, store)) != 2 || refused != 0 {
		t.Errorf("%v, %d refused", err, refused)
	}
	if _, err := store.Prune(1, noon); err == nil || !strings.Contains(err.Error(), "(AccessDenied)") || refused == 0 {
		t.Errorf("Prune without s3:DeleteObject = %v", err)
	}
	if problems := problemsOf(history.Open("s3://load-tests/other")); len(problems) != 1 {
		t.Errorf("another prefix: %v", problems)
	}
}

func problemsOf(s *history.Store) []error {
	_, problems := s.List()
	return problems
}
