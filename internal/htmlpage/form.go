package htmlpage

// Form is what a page asks a reader for, sent to the server that gave the page. A page in a file has none. A live
// page stays where it is, and shows the server's answer, a line of text, below the buttons.
type Form struct {
	Action  Href
	Title   string // may be empty
	Lead    string
	Hidden  []Fact // name and value
	Fields  []Field
	Buttons []Button // the first is what Enter presses
}

// Field is a line of text that a form asks for, or one of several.
type Field struct {
	Name, Label string
	Value       string
	Placeholder string   // what an empty field means
	Hint        string   // below it; may be empty
	Choices     []string // nil: any text
	Number      bool     // a keyboard of digits where there is one
	Required    bool
	Most        int // characters; 0: any
}

// Button sends a form, with a name and value of its own.
type Button struct {
	Name, Value, Text string
	Primary           bool
}
