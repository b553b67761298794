package evidence

// stoodStill says whether the generator did not run in a part of the slots
// [from, to].
func stoodStill(e *Run, from, to int) bool {
	for slot := from; slot <= to; slot++ {
		if e.Still[slot] {
			return true
		}
	}
	return false
}
