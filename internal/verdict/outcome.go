package verdict

// Outcome is how one check ended. The zero value is Inconclusive: a forgotten
// assignment cannot pass.
type Outcome uint8

// The outcomes. Their severity is not their order here; see Worse.
const (
	Inconclusive Outcome = iota
	Pass
	Warn
	Fail
)

// String is the outcome's name in every output.
func (o Outcome) String() string {
	return [...]string{"INCONCLUSIVE", "PASS", "WARN", "FAIL"}[o&3]
}

// MarshalText writes the name in lower case.
func (o Outcome) MarshalText() ([]byte, error) {
	return []byte([...]string{"inconclusive", "pass", "warn", "fail"}[o&3]), nil
}

// Worse returns the more severe of two outcomes: Pass < Warn < Inconclusive <
// Fail.
func (o Outcome) Worse(other Outcome) Outcome {
	severity := [...]int{Inconclusive: 2, Pass: 0, Warn: 1, Fail: 3}
	if severity[other&3] > severity[o&3] {
		return other
	}
	return o
}
