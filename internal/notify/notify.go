// Package notify tells people who do not read the log: a short summary of a
// stored verdict goes to a webhook, and a report into one comment on a pull
// request. It knows what the other side takes and how to try again, and
// refuses to know how a verdict came about, or how a report is written.
//
// Addresses of webhooks and tokens are secrets: they stand in no error and in
// no text that this package returns. Everything that came from the target or
// the file of limits is untrusted, and is escaped for its medium.
package notify

// cut shortens text to at most limit characters.
func cut(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	return string(runes[:limit-1]) + "…"
}
