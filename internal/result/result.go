// Package result is the waist of loadgate: the document of what happened in
// one run or one shard of it. It holds raw tallies and histograms, never a
// verdict, so that any result can be judged again with new limits, merged
// exactly with other shards, or become a baseline. It knows no rules.
package result

import (
	"fmt"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
)

// Schema names the version of the document.
const Schema = "loadgate.result/1"

// SlotLength is the length of a slot when a run begins; neighbours merge and
// the length doubles when a run has more than MaxSlots.
const (
	SlotLength = time.Second
	MaxSlots   = 1200
)

// Result is one run, or one shard of a run. It is not safe for concurrent use
// while it is changed.
type Result struct {
	Schema  string    `json:"schema"`
	Tool    string    `json:"tool"` // loadgate and its version, or the tool of Source
	Source  Source    `json:"source,omitzero"`
	Name    string    `json:"name,omitempty"`
	Profile string    `json:"profile,omitempty"`
	Target  string    `json:"target,omitempty"` // without credentials
	Digest  string    `json:"digest"`           // of the load: results of different loads do not merge
	Load    Load      `json:"load,omitzero"`
	Seed    uint64    `json:"seed"`
	Started time.Time `json:"started"` // wall clock, UTC; machines differ by seconds, so only minutes are compared
	Origin  Origin    `json:"origin,omitzero"`
	Planned Planned   `json:"planned"`
	End     End       `json:"end"`
	// Elapsed is the time from the first user's start to the last finished
	// slot, in nanoseconds.
	Elapsed time.Duration `json:"elapsed_ns"`
	// Slot is the length of one slot in nanoseconds; slot i holds what ended in
	// [i*Slot, (i+1)*Slot) after the start.
	Slot      time.Duration `json:"slot_ns"`
	Shards    []Shard       `json:"shards"`
	Timeline  []Moment      `json:"timeline"`
	Endpoints []Endpoint    `json:"endpoints"`
	// Summary is what another tool computed of all its requests together, beside
	// its figures of endpoints; nil: not known.
	Summary *Summary `json:"summary,omitempty"`
	// Transactions are several requests of a user each, measured together: they
	// are no requests, and all of theirs are in Endpoints.
	Transactions []Endpoint `json:"transactions,omitempty"`
	// Resources are the gauges that were read during the run.
	Resources []Resource `json:"resources,omitempty"`
	// Statements are what a database that counts them did during the run, those
	// with the most time first; Tried is what it did for single requests of the
	// try-out.
	Statements []Statement `json:"statements,omitempty"`
	Tried      []Tried     `json:"tried,omitempty"`
	// Setup and Teardown are the steps that were sent once before and after the load.
	Setup    []Sent `json:"setup,omitempty"`
	Teardown []Sent `json:"teardown,omitempty"`
	// Addresses are what each address of the target's name got; nil: not known.
	Addresses []Address `json:"addresses,omitempty"`
}

// Shard names a part of a run: part K of N. Merge adds what the sum of several
// shards no longer shows of one; a document of one shard, or of a whole run, has
// it in its own fields.
type Shard struct {
	K int `json:"k"`
	N int `json:"n"`
	// End is how the shard ended; nil: not known, as in documents that were
	// merged before it was kept, and then the fields below are empty too.
	End     *End          `json:"end,omitempty"`
	Elapsed time.Duration `json:"elapsed_ns,omitempty"` // as in Result
	Started time.Time     `json:"started,omitzero"`     // by the clock of its machine
	Tool    string        `json:"tool,omitempty"`       // loadgate and its version
	Target  string        `json:"target,omitempty"`
	// Covered is the time within Elapsed that its timeline covers, in whole slots; 0: not known.
	Covered time.Duration `json:"covered_ns,omitempty"`
	// Watched is the time of Covered for which there are readings of its generator; 0: there are none.
	Watched time.Duration `json:"watched_ns,omitempty"`
	// Users is how many the shard had at most by its plan. Requests are those of the whole shard, warm-up included,
	// Failed those of them that failed, and Lag the p99 of how late they were sent; 0: not known, or none was sent.
	Users    int           `json:"users,omitempty"`
	Requests int64         `json:"requests,omitempty"`
	Failed   int64         `json:"failed,omitempty"`
	Lag      time.Duration `json:"lag_p99_ns,omitempty"`
	Timed    int64         `json:"timed,omitempty"` // of Requests: how late they were sent is known

	// Worker is the name of the machine. With StartError above 0, the clocks of all machines were compared:
	// Started is by the common clock, and may be wrong by StartError. "" and 0: not known, as of shards that
	// were started one by one.
	Worker     string        `json:"worker,omitempty"`
	StartError time.Duration `json:"start_error_ns,omitempty"`
}

// String is the shard as findings name it: "3/4", or "3/4 on runner-17".
func (s Shard) String() string {
	name := fmt.Sprintf("%d/%d", s.K, s.N)
	if s.Worker != "" {
		name += " on " + s.Worker
	}
	return name
}

// Is says whether two shards are the same part of a run.
func (s Shard) Is(other Shard) bool { return s.K == other.K && s.N == other.N }

// End says how a run ended. The zero value, Cut, is the cautious one: a run
// that did not say that it finished was cut short.
type End uint8

// The ends of a run.
const (
	Cut         End = iota // killed, or its last lines are missing
	Complete               // all planned time passed
	Interrupted            // a signal stopped it
	Lost                   // ended early because the target no longer answered
	Stopped                // ended early because a look had decided
)

// Moment is what the generator did in one slot.
type Moment struct {
	Slot  int         `json:"slot"`          // in units of the result's slot length
	Users int         `json:"users"`         // active at the end of the slot
	Lag   hist.Sparse `json:"lag,omitempty"` // actual send minus intended start of the slot's requests
	// Offered counts the arrivals of an open load that were due, Dropped those for
	// which there was no user, or no time.
	Offered int64 `json:"offered,omitempty"`
	Dropped int64 `json:"dropped,omitempty"`
	// Generator is what the generator's own process did; nil: not known.
	Generator *Generator `json:"generator,omitempty"`
	// Loads are the parts that each of Planned.Loads has in the fields above, in the same order; nil: there is one
	// load.
	Loads []Flow `json:"loads,omitempty"`
}

// Endpoint is everything that was counted under one name.
type Endpoint struct {
	Name string `json:"name"`
	metric.Place
	// Expected is the number of requests that the plan expects in the measured
	// time.
	Expected float64 `json:"expected"`
	// Request is the digest of what is sent and accepted under the name; empty:
	// not known, or sent once for each user. Was is its name in earlier runs; empty: the same.
	Request string `json:"request,omitempty"`
	Was     string `json:"was,omitempty"`
	Slots   []Slot `json:"slots"` // ascending; slots with no request, sent or unsent, are left out
	// Summary replaces the slots where another tool kept only figures; nil: there
	// are only slots.
	Summary  *Summary  `json:"summary,omitempty"`
	Failures []Failure `json:"failures,omitempty"`
	// Server is the time in the service, as its answers report it.
	Server []ServerTime `json:"server,omitempty"`
	// Exemplars are sampled requests: the slowest successes that count, the slowest first, and behind them the first
	// failure of each kind and status, of the whole run.
	Exemplars []Exemplar `json:"exemplars,omitempty"`
}

// Slot is what ended in one slot of time at one endpoint.
type Slot struct {
	Slot     int   `json:"slot"`
	Requests int64 `json:"requests"` // failures included
	// Failed counts failures by kind; nil when there was none.
	Failed map[metric.Failure]int64 `json:"failed,omitempty"`
	// Latency holds the successful requests, from the intended start.
	Latency hist.Sparse `json:"latency,omitempty"`
	// FromSend holds the same requests from the actual send; nil where it is
	// the same as Latency.
	FromSend hist.Sparse `json:"from_send,omitempty"`
	// FirstByte holds of the same requests the times from when they were sent whole to the first byte of the answer;
	// nil where no rule of the run asked for them.
	FirstByte hist.Sparse `json:"first_byte,omitempty"`
	// FailedLatency holds the failed requests, from the intended start.
	FailedLatency hist.Sparse `json:"failed_latency,omitempty"`
	Received      int64       `json:"received_bytes"`
	SentBytes     int64       `json:"sent_bytes,omitempty"`
	Connects      int64       `json:"connects,omitempty"` // new connections
	Retries       int64       `json:"retries,omitempty"`  // sent again after the server had closed an idle connection
	Hops          int64       `json:"hops,omitempty"`     // redirects followed
	// Unsent counts requests that were due and not sent, because an expression
	// of their step had no value. They are in none of the fields above.
	Unsent int64 `json:"unsent,omitempty"`
	// Repeats counts requests that a step sent again: after a failure, or until its until was true.
	Repeats int64 `json:"repeats,omitempty"`
	// Phases are sums over all requests of the slot, in nanoseconds.
	Phases Phases `json:"phases"`
}

// Phases are times of one kind of request, summed.
type Phases struct {
	DNS       time.Duration `json:"dns_ns,omitempty"`
	Connect   time.Duration `json:"connect_ns,omitempty"`
	TLS       time.Duration `json:"tls_ns,omitempty"`
	FirstByte time.Duration `json:"first_byte_ns,omitempty"`
	Body      time.Duration `json:"body_ns,omitempty"`
}

// Failure is one kind of failure at one endpoint, over the whole run. The kind
// expression is about requests that were not sent: Slot.Unsent counts them, and no
// slot counts them as failed.
type Failure struct {
	Kind   metric.Failure `json:"kind"`
	Status int            `json:"status,omitempty"` // 0: no answer
	// Cause says more of the first one than its kind does; absent: nothing more.
	Cause  metric.Cause `json:"cause,omitempty"`
	Detail string       `json:"detail,omitempty"` // the cause in words, of the first one
	// Location is where the first one led, of a redirect that was not followed;
	// untrusted, with secrets masked.
	Location string `json:"location,omitempty"`
	Count    int64  `json:"count"`
	// Users is how many users had such a failure, of kind expression; of others,
	// and in documents of older versions, 0: not counted.
	Users int64 `json:"users,omitempty"`
	// First and Last are times since the start of the run, in nanoseconds.
	First time.Duration `json:"first_ns"`
	Last  time.Duration `json:"last_ns"`
	// Sample is at most 200 bytes of the first such answer, untrusted and with
	// secrets masked.
	Sample string `json:"sample,omitempty"`
}
