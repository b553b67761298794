// Package fleet is what the machines of one run agree on: the secret that lets a worker join, the
// files that it gets, the messages and their subjects, the common clock, and how the coordinator follows
// the journal of every worker until it is whole. It sends nothing and reads no clock: every time is given.
package fleet

import "fmt"

// Protocol is the version of the messages. Coordinator and workers have the same.
const Protocol = 1

// Subjects of NATS. Those of a run begin with its name, so that runs on one server do not mix.
const (
	JoinSubject  = "lg.join"  // a request: Join, answered by Welcome
	ClockSubject = "lg.clock" // a request, answered by Time
)

// FilesSubject is where a worker asks for the files of the load: Ask, answered by Piece.
func FilesSubject(run string) string { return "lg." + run + ".files" }

// RoundSubject is where a worker asks what to run: Ask, answered by Round.
func RoundSubject(run string) string { return "lg." + run + ".round" }

// StatusSubject is where a worker publishes its Status every second.
func StatusSubject(run string) string { return "lg." + run + ".status" }

// LeaseSubject is where the coordinator of a run publishes its Lease every second.
func LeaseSubject(run string) string { return "lg." + run + ".lease" }

// JournalSubject is where shard k publishes the lines of its journal: EncodeLine.
func JournalSubject(run string, k int) string { return fmt.Sprintf("lg.%s.journal.%d", run, k) }

// ResendSubject is where the coordinator asks shard k for lines again: Resend.
func ResendSubject(run string, k int) string { return fmt.Sprintf("lg.%s.resend.%d", run, k) }

// AnyJournalSubject is JournalSubject for every shard of a run.
func AnyJournalSubject(run string) string { return "lg." + run + ".journal.*" }

// AnyResendSubject is ResendSubject for every shard of a run.
func AnyResendSubject(run string) string { return "lg." + run + ".resend.*" }
