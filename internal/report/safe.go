package report

// Terminal makes untrusted text safe to be printed on a terminal or into a
// log, on one line.
func Terminal(text string) string { return clean(text) }
