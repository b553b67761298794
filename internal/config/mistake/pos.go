package mistake

import "fmt"

// Pos is a place in a file. Line and Column count from 1; 0 is unknown.
type Pos struct {
	File         string
	Line, Column int
}

// String prints file:line:column, leaving out what is unknown.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// At is the place at a line and column of a file.
func At(file string, line, column int) Pos { return Pos{file, line, column} }
