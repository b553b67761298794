package gate

// foreign says what is not known of a run whose load another tool made.
func foreign(e *evidence) []Check {
	if e.result.Source == "" {
		return nil
	}
	return []Check{{
		Subject: "generator", Outcome: Pass, Shown: true,
		Reason: "not judged: " + e.result.Source + "'s file does not say whether every request was sent in its time, and its warm-up is in the figures",
	}}
}
