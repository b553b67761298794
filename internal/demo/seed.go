package demo

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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

// filler adds seeded rows to the tables.
type filler struct {
	*tables
	rng *rand.Rand
}

// fillTables writes the rows that every server of the same seed begins with.
func fillTables(t *tables, seed uint64) {
	f := &filler{t, rand.New(rand.NewPCG(seed, 0x7461626c6573))}
	f.fillUsers()
	f.fillTutors()
	f.fillSessions()
	f.fillAlerts()
	f.fillInterventions()
	f.fillAdvice()
	f.fillFeedback()
}

func (f *filler) fillUsers() {
	f.users, f.byEmail = make(rows[user], seededUsers), map[string]*user{}
	password := hashPassword(demoPassword)
	for i := range f.users {
		u := &f.users[i]
		u.id, u.password, u.active = int64(i+1), password, true
		switch {
		case i == 0:
			u.name, u.email = "Ops Manager 1", "ops_manager@tutormax.example"
		case i <= 10:
			u.name, u.email = fmt.Sprintf("Ops Manager %d", u.id), fmt.Sprintf("ops_manager_%d@tutormax.example", i)
		default:
			first, last := f.name()
			u.name, u.email = first+" "+last, address(first, last, u.id)
		}
		f.byEmail[u.email] = u
	}
	for i := range f.users {
		u := &f.users[i]
		switch {
		case u.id <= 11:
			u.roles = []string{"ops_manager"}
		case u.id%40 == 0:
			u.roles = []string{"admin"}
		case u.id%3 == 0:
			u.roles = []string{"tutor"}
		default:
			u.roles = []string{pick(f.rng, roles[:4])}
		}
	}
}

func (f *filler) fillTutors() {
	f.tutors, f.students = make(rows[tutor], seededTutors), make(rows[student], seededStudents)
	for i := range f.tutors {
		id := int64(i + 1)
		first, last := f.name()
		hired := firstDay.AddDate(0, 0, -30-f.rng.IntN(1500))
		f.tutors[i] = tutor{id: id, name: first + " " + last, email: address(first, last, id),
			subject: subjects[int(id)%len(subjects)], hiredOn: hired.Format(time.DateOnly), active: f.rng.IntN(20) > 0}
	}
	for i := range f.students {
		first, last := f.name()
		f.students[i] = student{name: first + " " + last, grade: 5 + f.rng.IntN(8)}
	}
}

func (f *filler) fillSessions() {
	for i := range seededSessions {
		tutor := 1 + f.rng.IntN(seededTutors)
		start := f.day(i+1, seededSessions)
		s := &session{tutor: int64(tutor), subject: subjects[tutor%len(subjects)],
			scheduledStart: stamp(start), status: "completed"}
		switch luck := f.rng.Float64(); {
		case luck < 0.06:
			s.status = "no_show"
		case luck < 0.14:
			s.status = "rescheduled"
		default:
			// A tutor has a level of his own, so that averages differ and advice finds someone.
			level := 3.2 + 1.4*float64(tutor*37%seededTutors)/seededTutors
			s.rating = new(math.Round(10*min(5, max(1, level+0.5*f.rng.NormFloat64()))) / 10)
			s.actualStart = new(stamp(start.Add(time.Duration(f.rng.IntN(10)) * time.Minute)))
		}
		s.student = int64(1 + f.rng.IntN(seededStudents))
		s.sessionType = pick(f.rng, sessionTypes)
		s.minutes = int64(30 * (1 + f.rng.IntN(3)))
		f.sessions.insert(s)
	}
}

func (f *filler) fillAlerts() {
	kinds := []string{"no_show_risk", "low_rating", "churn_risk", "late_start"}
	severities := []string{"critical", "warning", "info"}
	for i := range seededAlerts {
		a := alert{id: int64(i + 1), status: pick(f.rng, []string{"active", "active", "acknowledged", "resolved"})}
		a.tutor = int64(1 + f.rng.IntN(seededTutors))
		a.kind, a.severity = pick(f.rng, kinds), pick(f.rng, severities)
		a.raisedAt = stamp(f.day(i+1, seededAlerts))
		f.alerts = append(f.alerts, a)
	}
	slices.SortStableFunc(f.alerts, func(a, b alert) int { return cmp.Compare(b.raisedAt, a.raisedAt) })
}

func (f *filler) fillInterventions() {
	kinds := []string{"coaching", "peer_mentoring", "training", "check_in"}
	for i := range seededInterventions {
		v := &intervention{status: pick(f.rng, []string{"pending", "pending", "in_progress", "completed"})}
		v.tutor = int64(1 + f.rng.IntN(seededTutors))
		v.kind, v.priority = pick(f.rng, kinds), pick(f.rng, priorities)
		v.dueAt = stamp(f.day(i+1, seededInterventions))
		f.interventions.insert(v)
	}
}

func (f *filler) fillAdvice() {
	actions := []string{"Shadow an experienced tutor", "Send a reminder an hour before each session",
		"Plan shorter sessions"}
	for _, subject := range subjects {
		for k, action := range slices.Backward(actions) {
			f.advice = append(f.advice, advice{subject: subject, below: 5.1 - 0.6*float64(k),
				action: action, priority: priorities[len(priorities)-1-k]})
		}
	}
}

func (f *filler) fillFeedback() {
	for i := range 500 {
		score := func() int64 { return int64(3 + f.rng.IntN(3)) }
		word := feedback{token: fmt.Sprintf("feedback_token_seed_%d", i+1), comments: "Great session"}
		word.rating, word.knowledge, word.communication, word.helpfulness = score(), score(), score(), score()
		word.recommends = f.rng.IntN(4) > 0
		f.feedback.put(word)
	}
}

func (f *filler) name() (first, last string) { return pick(f.rng, firstNames), pick(f.rng, lastNames) }

// day spreads row i of n over the four weeks of the history, in order.
func (f *filler) day(i, n int) time.Time {
	day := firstDay.AddDate(0, 0, 28*i/(n+1))
	return day.Add(time.Duration(f.rng.IntN(12*4)) * 15 * time.Minute)
}

func address(first, last string, id int64) string {
	return strings.ToLower(first+"."+last) + fmt.Sprintf(".%d@tutormax.example", id)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
