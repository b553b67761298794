package demo

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// How many rows each table begins with. Ids count from 1, so a load test that
// draws them from 1 to 100 (users: 200) always finds its row.
const (
	seededUsers         = 240
	seededTutors        = 120
	seededStudents      = 3000
	seededSessions      = 4000
	seededAlerts        = 150
	seededInterventions = 300
)

// demoPassword is every seeded user's.
const demoPassword = "demo"

// hashPassword is one cheap round: what a slow hash would cost a real service
// is in the login's base time, and there is no secret to protect.
func hashPassword(password string) []byte {
	sum := sha256.Sum256([]byte("tutormax:" + password))
	return sum[:]
}

var (
	subjects     = []string{"Math", "Science", "English", "History", "Programming"}
	sessionTypes = []string{"one-on-one", "group"}
	firstNames   = []string{"John", "Maria", "Wei", "Aisha", "Carlos",
		"Nina", "Omar", "Priya", "Jonas", "Lucy", "Tariq", "Elena"}
	lastNames = []string{"Smith", "Garcia", "Chen", "Khan", "Silva",
		"Novak", "Haddad", "Patel", "Berg", "Jones", "Aziz", "Rossi", "Okafor"}
	roles      = []string{"tutor", "student", "viewer", "people_ops", "ops_manager", "admin"}
	priorities = []string{"high", "medium", "low"}
)

// firstDay is when the seeded history begins; it ends four weeks later.
var firstDay = time.Date(2026, 2, 2, 8, 0, 0, 0, time.UTC)

// filler inserts seeded rows and remembers the first mistake.
type filler struct {
	ctx context.Context
	tx  *sql.Tx
	rng *rand.Rand
	err error
}

// fillTables writes the rows that every server of the same seed begins with.
func fillTables(ctx context.Context, conn *sql.Conn, seed uint64) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	f := &filler{ctx: ctx, tx: tx, rng: rand.New(rand.NewPCG(seed, 0x7461626c6573))}
	f.users()
	f.tutors()
	f.sessions()
	f.alerts()
	f.interventions()
	f.advice()
	f.feedback()
	if f.err != nil {
		_ = tx.Rollback() // the first mistake is the one to tell
		return f.err
	}
	return tx.Commit()
}

// rows inserts n rows of a table; row i, from 1, has the values of row(i).
func (f *filler) rows(table string, n int, row func(i int) []any) {
	var insert *sql.Stmt
	for i := 1; i <= n && f.err == nil; i++ {
		values := row(i)
		if insert == nil {
			marks := strings.TrimSuffix(strings.Repeat("?,", len(values)), ",")
			if insert, f.err = f.tx.PrepareContext(f.ctx, "INSERT INTO "+table+" VALUES ("+marks+")"); f.err != nil {
				return
			}
			defer insert.Close()
		}
		if _, err := insert.ExecContext(f.ctx, values...); err != nil {
			f.err = fmt.Errorf("%s: %w", table, err)
		}
	}
}

func (f *filler) users() {
	password := hashPassword(demoPassword)
	f.rows("users", seededUsers, func(i int) []any {
		if i <= 11 { // ops_manager@…, then ops_manager_1@… to ops_manager_10@…
			local := "ops_manager"
			if i > 1 {
				local = fmt.Sprintf("ops_manager_%d", i-1)
			}
			return []any{i, fmt.Sprintf("Ops Manager %d", i), local + "@tutormax.example", password, 1}
		}
		first, last := f.name()
		return []any{i, first + " " + last, address(first, last, i), password, 1}
	})
	f.rows("user_roles", seededUsers, func(i int) []any {
		switch {
		case i <= 11:
			return []any{i, "ops_manager"}
		case i%40 == 0:
			return []any{i, "admin"}
		case i%3 == 0:
			return []any{i, "tutor"}
		}
		return []any{i, pick(f.rng, roles[:4])}
	})
}

func (f *filler) tutors() {
	f.rows("tutors", seededTutors, func(i int) []any {
		first, last := f.name()
		hired := firstDay.AddDate(0, 0, -30-f.rng.IntN(1500))
		return []any{i, first + " " + last, address(first, last, i),
			subjects[i%len(subjects)], hired.Format(time.DateOnly), f.rng.IntN(20) > 0}
	})
	f.rows("students", seededStudents, func(i int) []any {
		first, last := f.name()
		return []any{i, first + " " + last, 5 + f.rng.IntN(8)}
	})
}

func (f *filler) sessions() {
	f.rows("sessions", seededSessions, func(i int) []any {
		tutor := 1 + f.rng.IntN(seededTutors)
		start := f.day(i, seededSessions)
		status := "completed"
		var actual, rating any
		switch luck := f.rng.Float64(); {
		case luck < 0.06:
			status = "no_show"
		case luck < 0.14:
			status = "rescheduled"
		default:
			// A tutor has a level of his own, so that averages differ and advice finds someone.
			level := 3.2 + 1.4*float64(tutor*37%seededTutors)/seededTutors
			rating = math.Round(10*min(5, max(1, level+0.5*f.rng.NormFloat64()))) / 10
			actual = stamp(start.Add(time.Duration(f.rng.IntN(10)) * time.Minute))
		}
		return []any{i, tutor, 1 + f.rng.IntN(seededStudents), subjects[tutor%len(subjects)], pick(f.rng, sessionTypes),
			stamp(start), actual, 30 * (1 + f.rng.IntN(3)), status, rating}
	})
}

func (f *filler) alerts() {
	kinds := []string{"no_show_risk", "low_rating", "churn_risk", "late_start"}
	severities := []string{"critical", "warning", "info"}
	f.rows("alerts", seededAlerts, func(i int) []any {
		status := pick(f.rng, []string{"active", "active", "acknowledged", "resolved"})
		return []any{i, 1 + f.rng.IntN(seededTutors), pick(f.rng, kinds),
			pick(f.rng, severities), status, stamp(f.day(i, seededAlerts))}
	})
}

func (f *filler) interventions() {
	kinds := []string{"coaching", "peer_mentoring", "training", "check_in"}
	f.rows("interventions", seededInterventions, func(i int) []any {
		status := pick(f.rng, []string{"pending", "pending", "in_progress", "completed"})
		return []any{i, 1 + f.rng.IntN(seededTutors), pick(f.rng, kinds),
			status, pick(f.rng, priorities), stamp(f.day(i, seededInterventions)), nil, nil, nil}
	})
}

func (f *filler) advice() {
	actions := []string{"Shadow an experienced tutor", "Send a reminder an hour before each session",
		"Plan shorter sessions"}
	f.rows("advice", len(subjects)*len(actions), func(i int) []any {
		k := (i - 1) % len(actions)
		return []any{i, subjects[(i-1)/len(actions)], 5.1 - 0.6*float64(k), actions[k], priorities[len(priorities)-1-k]}
	})
}

func (f *filler) feedback() {
	f.rows("feedback", 500, func(i int) []any {
		score := func() int { return 3 + f.rng.IntN(3) }
		return []any{fmt.Sprintf("feedback_token_seed_%d", i),
			score(), score(), score(), score(), f.rng.IntN(4) > 0, "Great session"}
	})
}

func (f *filler) name() (first, last string) { return pick(f.rng, firstNames), pick(f.rng, lastNames) }

// day spreads row i of n over the four weeks of the history, in order.
func (f *filler) day(i, n int) time.Time {
	day := firstDay.AddDate(0, 0, 28*i/(n+1))
	return day.Add(time.Duration(f.rng.IntN(12*4)) * 15 * time.Minute)
}

func address(first, last string, i int) string {
	return strings.ToLower(first+"."+last) + fmt.Sprintf(".%d@tutormax.example", i)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
