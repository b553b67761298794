package htmlpage

// Tone is the outcome that a thing is coloured by, always beside words that
// say the same.
type Tone string

// The tones. Plain is the zero value.
const (
	Plain        Tone = ""
	Pass         Tone = "pass"
	Warn         Tone = "warn"
	Inconclusive Tone = "inconclusive"
	Fail         Tone = "fail"
	Undecided    Tone = "undecided" // so far: it has no colour
)

// Class is the tone as a class of the style sheet; what is no tone has none.
func (t Tone) Class() string {
	switch t {
	case Pass, Warn, Inconclusive, Fail, Undecided:
		return string(t)
	}
	return ""
}
