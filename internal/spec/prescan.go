package spec

import "gopkg.in/yaml.v3"

func parseRepaired(src []byte, filename string, m *mistakes) (*yaml.Node, []byte) {
	n, err := parse(src)
	if err != nil {
		m.add(Pos{File: filename}, "", "%v", err)
	} else if n == nil {
		m.add(Pos{File: filename}, "", "the file is empty")
	}
	return n, src
}
