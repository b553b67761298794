package metric

// Once says that requests belong to steps which a user sends once, apart from its rounds: at its start or at its end,
// never both. The zero value is a step of the rounds.
type Once struct {
	Start bool `json:"start,omitempty"` // before its first round; measured over the whole run, warm-up included
	End   bool `json:"end,omitempty"`   // after its last one; measured as those of Start
}

// Any says whether the step is sent once.
func (o Once) Any() bool { return o.Start || o.End }

// String is "start", "end" or "".
func (o Once) String() string {
	switch {
	case o.Start:
		return "start"
	case o.End:
		return "end"
	}
	return ""
}

// Place says which requests of an endpoint a row counts. The zero value: those of the rounds, in a run of one load.
type Place struct {
	Load string `json:"load,omitempty"` // that sends them, by its name; "": the run has one
	// Users is the group that sends them, where a rule is about some groups; "": all groups.
	Users string `json:"users,omitempty"`
	// Beside marks what is measured beside a request, such as times between events, and is no transaction of requests.
	Beside bool `json:"beside,omitempty"`
	Once
}

// Label is what reports call the row of an endpoint or transaction: its name, and those of its users and its load.
func (p Place) Label(name string) string {
	for _, of := range []string{p.Users, p.Load} {
		if of != "" {
			name += " (" + of + ")"
		}
	}
	return name
}
