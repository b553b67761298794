package htmlpage

// Form is fields and buttons of a live page. Its script sends them as JSON to the page's server, which
// answers with a sentence for the person who pressed the button.
type Form struct {
	Name    string // of the address that it is sent to
	Fields  []Field
	Buttons []Button
}

// Field is one value that a person types or chooses.
type Field struct {
	Name, Label string
	Value       string
	Placeholder string   // what an empty field means
	Hint        string   // below it; may be empty
	Choices     []string // nil: any text
	Number      bool     // a keyboard of digits where there is one
}

// Button sends the form.
type Button struct {
	Name, Text string
	Primary    bool // what Enter presses comes first, whatever is primary
}
