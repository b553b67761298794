package main

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// classes are users of the stand-in, as a locustfile has them: several kinds, weighted tasks, random ids.
const classes = `
import random
from locust import HttpUser, task, between

class Dash(HttpUser):
    weight = 2
    wait_time = between(0.1, 0.5)

    def on_start(self):
        r = self.client.post("/api/auth/login", json={"username": "ops_manager@tutormax.example", "password": "demo"})
        self.client.headers["Authorization"] = "Bearer " + r.json()["access_token"]

    @task(3)
    def tutors(self):
        self.client.get("/api/tutors?include_metrics=true")

    @task(2)
    def tutor(self):
        self.client.get("/api/tutors/%d" % random.randint(1, 100), name="/api/tutors/{id}")

    @task(1)
    def alerts(self):
        self.client.get("/api/alerts?status=active")

class Admin(HttpUser):
    wait_time = between(0.2, 0.8)

    @task(4)
    def users(self):
        self.client.get("/api/admin/users?page=1&limit=50")

    @task(2)
    def search(self):
        term = random.choice(["john", "smith", "tutor", "admin", "lee", "bob"])
        self.client.get("/api/admin/users?search=" + term, name="/api/admin/users?search={}")

    @task(1)
    def user(self):
        self.client.get("/api/admin/users/%d" % random.randint(1, 200), name="/api/admin/users/{id}")
`

// What Locust's own classes send for a minute is drafted: the draft is valid, its plan decides every rule, and a run
// of it sends the same shares.
func TestRecordsLocust(t *testing.T) {
	if !*long {
		t.Skip("two minutes of load; -long makes it")
	}
	if _, err := exec.LookPath("locust"); err != nil {
		t.Skip("there is no Locust here")
	}
	folder := t.TempDir()
	t.Chdir(folder)
	if err := os.WriteFile("locustfile.py", []byte(classes), 0o600); err != nil {
		t.Fatal(err)
	}
	at, recorder := freeAddress(t), freeAddress(t)
	demo := exec.CommandContext(t.Context(), "loadgate", "demo", "--listen", at)
	demo.Cancel = func() error { return demo.Process.Signal(os.Interrupt) }
	demo.WaitDelay = 10 * time.Second
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = demo.Cancel(); _ = demo.Wait() })
	call := func(env string, args ...string) {
		cmd := exec.CommandContext(t.Context(), "loadgate", args...)
		cmd.Env = append(cmd.Environ(), env)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("loadgate %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	call("", "record", "--listen", recorder, "--host", "http://"+at, "--", "locust", "-f", "locustfile.py",
		"--headless", "-u", "20", "-r", "10", "-t", "60s", "--host", "http://"+recorder, "--csv", "locust")
	call("", "validate")
	call("", "plan")
	text, err := os.ReadFile("thresholds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte("drafted: true\n"), nil) // as a person does who has looked at it
	if err := os.WriteFile("thresholds.yaml", text, 0o600); err != nil {
		t.Fatal(err)
	}
	call("LOADGATE_PASSWORD=demo", "run", "--quiet", "--csv", "loadgate")
	want, sent := shares(t, "locust_stats.csv")
	got, measured := shares(t, "loadgate_stats.csv")
	if len(want) != 6 || sent < 1000 {
		t.Fatalf("Locust sent %v, %.0f requests", want, sent)
	}
	for name, share := range want {
		noise := 3 * math.Sqrt(share*(1-share)*(1/sent+1/measured))
		if math.Abs(got[name]-share) > 0.1*share+noise {
			t.Errorf("%s: a run of the draft sends %.1f%%, Locust sent %.1f%%", name, 100*got[name], 100*share)
		}
	}
}

// shares are how often each endpoint was asked, of all but logins, in a table of Locust's form.
func shares(t *testing.T, file string) (of map[string]float64, all float64) {
	t.Helper()
	f, err := os.Open(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	of = map[string]float64{}
	for _, row := range rows[1:] {
		n, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		if row[1] != "Aggregated" && row[0] == "GET" {
			of[strings.TrimPrefix(row[1], "GET ")], all = n, all+n
		}
	}
	for name := range of {
		of[name] /= all
	}
	return of, all
}
