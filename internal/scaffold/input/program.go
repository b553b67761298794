package input

// Program is what turns a file into what a source reads, where that is a matter of another
// program. Whoever runs it gives it the file on its standard input, and takes its standard output.
type Program struct {
	Names   []string // it is called one of these
	Args    []string
	Missing string // what is said where none of them is installed
	// Accept brings a file to what the program takes, or says why it is not run.
	Accept func([]byte) ([]byte, error)
}
