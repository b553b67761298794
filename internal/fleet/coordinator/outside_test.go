package coordinator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/coordinator"
	"github.com/loadgate/loadgate/internal/fleet/hub"
	"github.com/loadgate/loadgate/internal/fleet/link"
	"github.com/loadgate/loadgate/internal/fleet/worker"
)

// outside starts a NATS server as somebody else would, and returns its address.
func outside(t *testing.T, change func(*server.Options)) link.Outside {
	t.Helper()
	return link.Outside{URL: node(t, change).ClientURL()}
}

// node starts a NATS server.
func node(t *testing.T, change func(*server.Options)) *server.Server {
	t.Helper()
	o := &server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true}
	if change != nil {
		change(o)
	}
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the NATS server does not begin")
	}
	return s
}

// lead starts a coordinator there, and returns the secret of its workers.
func lead(t *testing.T, at link.Outside) fleet.Secret {
	t.Helper()
	key, secret, err := hub.NewSeed().Outside()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := link.ServeOutside(at, secret, key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	c, err := coordinator.New(conn, coordinator.Options{
		Load:    coordinator.Load{File: "thresholds.yaml", Files: files(), Env: map[string]string{"TOKEN": "Blumen77"}},
		Workers: 1, Version: "test 1", Within: time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(func() int { return 0 }) })
	return secret
}

// Whoever shares the server with a fleet, and hears all that is said there, gets no part of its load and no variable,
// and cannot give a load to its workers.
func TestStrangerOnTheServer(t *testing.T) {
	t.Parallel()
	at := outside(t, nil)
	secret := lead(t, at)
	stranger, err := nats.Connect(at.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	heard, err := stranger.SubscribeSync(">")
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.Flush(); err != nil {
		t.Fatal(err)
	}
	conn, err := link.JoinOutside(at, secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	key, err := link.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	me := fleet.Join{Name: "mine", Version: "test 1", Protocol: fleet.Protocol, Cores: 1, Key: key.Public()}
	without, err := link.Ask[fleet.Welcome](t.Context(), conn, fleet.JoinSubject, me)
	if err != nil || !without.Final || !strings.Contains(without.Refused, "prove") {
		t.Fatalf("without a proof: %q, %v", without.Refused, err)
	}
	me.Proof = conn.Proof(me.Key)
	mine, err := link.Ask[fleet.Welcome](t.Context(), conn, fleet.JoinSubject, me)
	if err != nil || mine.Refused != "" || conn.Trust(mine.Key) != nil {
		t.Fatalf("with a proof: %q, %v, %v", mine.Refused, err, conn.Trust(mine.Key))
	}

	// The stranger has heard the proof, and uses it with a key of its own.
	subject := ""
	for subject == "" {
		m, err := heard.NextMsg(10 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(m.Subject, fleet.JoinSubject) && strings.Contains(string(m.Data), `"proof"`) {
			subject = m.Subject
		}
		if strings.Contains(string(m.Data), "Blumen77") || strings.Contains(string(m.Data), secret.Token) {
			t.Errorf("a secret is in %s: %.80s", m.Subject, m.Data)
		}
	}
	other, err := link.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	me.Key = other.Public()
	text, err := json.Marshal(me)
	if err != nil {
		t.Fatal(err)
	}
	var got fleet.Welcome
	inbox := strings.TrimSuffix(subject, fleet.JoinSubject) + link.WorkerInbox + ".stranger"
	answer, err := stranger.SubscribeSync(inbox)
	if err != nil {
		t.Fatal(err)
	}
	if err := stranger.PublishRequest(subject, inbox, text); err != nil {
		t.Fatal(err)
	}
	m, err := answer.NextMsg(10 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(m.Data, &got); err != nil || !got.Final || got.Sealed != nil || got.Key != "" {
		t.Errorf("the stranger got %s, %v", m.Data, err)
	}
	if env, err := other.Open(mine.Sealed, mine.Key); err == nil {
		t.Errorf("the stranger read %s", env)
	}
	if env, err := key.Open(mine.Sealed, mine.Key); err != nil || !strings.Contains(string(env), "Blumen77") {
		t.Errorf("the worker read %q, %v", env, err)
	}
}

// One who answers in the place of the run, on the same subjects, is found out before anything is fetched.
func TestImpostorOnTheServer(t *testing.T) {
	t.Parallel()
	at := outside(t, nil)
	_, secret, err := hub.NewSeed().Outside()
	if err != nil {
		t.Fatal(err)
	}
	key, err := link.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	impostor, err := link.ServeOutside(at, secret, key)
	if err != nil {
		t.Fatal(err)
	}
	defer impostor.Close()
	if err := link.Answer(impostor, fleet.JoinSubject, fleet.Join.Check, func(j fleet.Join) any {
		sealed, err := key.Seal([]byte("{}"), j.Key)
		if err != nil {
			t.Error(err)
		}
		return fleet.Welcome{Run: "r1", Name: j.Name, Seat: 1, K: 1, N: 1, File: "thresholds.yaml", Size: 100,
			Key: key.Public(), Sealed: sealed}
	}); err != nil {
		t.Fatal(err)
	}
	if err := impostor.Flush(); err != nil {
		t.Fatal(err)
	}
	conn, err := link.JoinOutside(at, secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = worker.Run(t.Context(), conn, worker.Options{
		Name: "runner-1", Version: "test 1", Cores: 1, Lease: 5 * time.Second, Wait: 5 * time.Second,
		Open: func(worker.Assignment) (worker.Load, error) { return nil, errors.New("it was opened") },
	})
	if !errors.Is(err, fleet.ErrKey) {
		t.Errorf("the worker said %v", err)
	}
}

// What a server does not permit, or does not take, is said in words that name the remedy; a password is not.
func TestServerRefuses(t *testing.T) {
	t.Parallel()
	_, secret, err := hub.NewSeed().Outside()
	if err != nil {
		t.Fatal(err)
	}
	users := func(subject string) func(*server.Options) {
		return func(o *server.Options) {
			rights := &server.SubjectPermission{Allow: []string{subject}}
			o.Users = []*server.User{{Username: "lg", Password: "Blumen77",
				Permissions: &server.Permissions{Publish: rights, Subscribe: rights}}}
		}
	}
	as := func(at link.Outside, user string) link.Outside {
		at.URL = strings.Replace(at.URL, "nats://", "nats://"+user+"@", 1)
		return at
	}
	for _, tt := range []struct {
		name string
		at   link.Outside
		want string // empty: a worker is heard
	}{
		{"permits all that is needed", as(outside(t, users("lg.>")), "lg:Blumen77"), ""},
		{"permits something else", as(outside(t, users("other.>")), "lg:Blumen77"),
			"the NATS server permits these credentials too little: let them publish and subscribe to lg.>"},
		{"knows another password", as(outside(t, users("lg.>")), "lg:Blumen78"),
			"does not let us in: name the credentials"},
		{"knows us not", outside(t, users("lg.>")), "does not let us in: name the credentials"},
		{"takes short messages", outside(t, func(o *server.Options) { o.MaxPayload = 100 << 10 }),
			"takes messages of at most 100KiB: set its max_payload to 1MB or more"},
		{"is no address", link.Outside{URL: "https://lg:Blumen77@nats.example.com"},
			"that is no address of a NATS server: write one such as nats://"},
		{"is none", link.Outside{}, "that is no address of a NATS server"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		conn, err := link.JoinOutside(tt.at, secret, nil)
		if err == nil {
			_, err = link.Ask[fleet.Time](ctx, conn, fleet.ClockSubject, struct{}{})
			conn.Close()
		}
		cancel()
		said := fmt.Sprint(err)
		if tt.want == "" {
			if !errors.Is(err, link.ErrUnreachable) || !strings.Contains(said, "the coordinator is silent") {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if !strings.Contains(said, tt.want) || strings.Contains(said, "Blumen") {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// A line that the server does not take is no line that is lost on its way: sending it again would not help.
func TestLineTooLarge(t *testing.T) {
	t.Parallel()
	_, secret, err := hub.NewSeed().Outside()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := link.JoinOutside(outside(t, func(o *server.Options) { o.MaxPayload = 600 << 10 }), secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	subject := fleet.JournalSubject("r1", 1)
	if err := conn.PublishBytes(subject, make([]byte, 500<<10)); err != nil {
		t.Errorf("500 KiB: %v", err)
	}
	err = conn.PublishBytes(subject, make([]byte, 700<<10))
	if !errors.Is(err, link.ErrTooLarge) || !strings.Contains(err.Error(), "600KiB: set its max_payload higher") {
		t.Errorf("700 KiB: %v", err)
	}
}

// The coordinator and a worker may be at two servers of a cluster, and go on at one of them when the other is gone.
func TestCluster(t *testing.T) {
	t.Parallel()
	member := func(of ...*server.Server) *server.Server {
		return node(t, func(o *server.Options) {
			o.Cluster = server.ClusterOpts{Name: "both", Host: "127.0.0.1", Port: server.RANDOM_PORT}
			for _, s := range of {
				o.Routes = server.RoutesFromStr("nats://" + s.ClusterAddr().String())
			}
		})
	}
	first := member()
	second := member(first)
	secret := lead(t, link.Outside{URL: first.ClientURL()})
	events := make(chan error, 10)
	conn, err := link.JoinOutside(link.Outside{URL: second.ClientURL()}, secret, func(err error) { events <- err })
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// The servers need a moment to tell each other who hears what.
	asked := func() error {
		for began := time.Now(); ; {
			_, err := link.Ask[fleet.Time](t.Context(), conn, fleet.ClockSubject, struct{}{})
			if err == nil || !errors.Is(err, link.ErrUnreachable) || time.Since(began) > 20*time.Second {
				return err
			}
		}
	}
	if err := asked(); err != nil {
		t.Fatal(err)
	}
	second.Shutdown() // the worker has heard of the first one from it
	if err := <-events; err == nil {
		t.Error("the connection was not lost")
	}
	if err := asked(); err != nil {
		t.Errorf("at the other server: %v", err)
	}
}
