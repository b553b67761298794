package baseline

// Told is that an alert on a series of runs was sent to one receiver. It is kept with the run that was the
// newest then.
type Told struct {
	Scope string `json:"scope"` // what was watched, and of which runs; alerts of others are not touched
	What  string `json:"what"`  // which state of which series
	Key   string `json:"key"`   // by which the receiver knows the alert again
	To    string `json:"to"`    // the receiver, without its address
	Over  bool   `json:"over,omitempty"`
	// Subjects are the endpoints that the alert was about; nil: the series.
	Subjects []string `json:"subjects,omitempty"`
}
