// Package notify reaches people who do not read the log: it sends a short summary
// of a stored verdict to a webhook, and puts a report into one comment on a pull
// request. It knows what the receivers accept and how to retry. It does not know
// how a verdict is reached or how a report is written.
//
// Webhook addresses and tokens are secrets: no error and no text that this
// package returns contains them. Everything from the target or the file of limits
// is untrusted, and is escaped for its medium.
package notify

// cut shortens text to at most limit characters.
func cut(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	return string(runes[:limit-1]) + "…"
}
