package locust

import "strings"

// companions are the files that Locust writes beside one, by their ends: they
// say more of its run, and nothing without it.
var companions = []struct {
	main   string
	beside []string
}{
	{"_stats.csv", []string{"_failures.csv", "_stats_history.csv", "_exceptions.csv"}},
	{"_requests.csv", []string{"_distribution.csv", "_failures.csv"}},
}

// Companions names the files that Locust may have written next to one, with more about the
// same run. It does not know which ones exist.
func Companions(filename string) []string {
	for _, c := range companions {
		prefix, ok := strings.CutSuffix(filename, c.main)
		if !ok {
			continue
		}
		var names []string
		for _, end := range c.beside {
			names = append(names, prefix+end)
		}
		return names
	}
	return nil
}

// Advise is what to give in place of a file that adds to another.
func Advise(filename string) string {
	for _, c := range companions {
		for _, end := range c.beside {
			if prefix, ok := strings.CutSuffix(filename, end); ok {
				return "it is not judged alone: give " + prefix + c.main + ", with which it is read"
			}
		}
	}
	return "it is not judged alone: Locust writes it with PREFIX_stats.csv " +
		"or PREFIX_requests.csv; give that one, and this is read if their names begin alike"
}
