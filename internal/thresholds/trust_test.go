package thresholds_test

import (
	"slices"
	"testing"

	"github.com/loadgate/loadgate/internal/config"
)

// What reaches beyond this machine's own addresses needs the caller's word too.
func TestUnsaid(t *testing.T) {
	for _, c := range []struct {
		name              string
		file, said, lacks []string
	}{
		{"this machine", []string{"localhost", "127.0.0.0/8", "::1", "127.0.0.9", "LOCALHOST."}, nil, nil},
		{"more than this machine", []string{"126.0.0.0/7", "0.0.0.0", "0.0.0.0/0"},
			nil, []string{"126.0.0.0/7", "0.0.0.0", "0.0.0.0/0"}},
		{"a name", []string{"a.example.com", "b.example.com"}, []string{"A.example.com"}, []string{"b.example.com"}},
		{"commands and a socket", []string{"commands", "unix:/run/a.sock"},
			nil, []string{"commands", "unix:/run/a.sock"}},
		{"both said", []string{"commands", "unix:/run/a.sock"}, []string{"unix:/run/./a.sock", "commands"}, nil},
		{"in a prefix", []string{"10.1.2.3", "10.1.0.0/16", "11.0.0.1"}, []string{"10.0.0.0/8"}, []string{"11.0.0.1"}},
		{"a prefix is more than an address of it", []string{"10.0.0.0/8"},
			[]string{"10.0.0.1", "10.0.0.0/9"}, []string{"10.0.0.0/8"}},
		{"a metadata service in a prefix", []string{"169.254.169.254", "100.100.100.200"},
			[]string{"0.0.0.0/0"}, []string{"169.254.169.254", "100.100.100.200"}},
		{"a metadata service in full", []string{"169.254.169.254"}, []string{"169.254.169.254"}, nil},
		{"hosts are not commands", []string{"commands"}, []string{"0.0.0.0/0", "::/0"}, []string{"commands"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var target config.Target
			for _, entry := range c.file {
				target.Grants = append(target.Grants, config.Grant{Entry: entry})
			}
			unsaid, err := target.Unsaid(c.said)
			var lacks []string
			for _, g := range unsaid {
				lacks = append(lacks, g.Entry)
			}
			if err != nil || !slices.Equal(lacks, c.lacks) {
				t.Errorf("unsaid %q, %v; want %q", lacks, err, c.lacks)
			}
		})
	}
	if _, err := (config.Target{}).Unsaid([]string{"http://a.example.com"}); err == nil {
		t.Error("a URL was taken for a host")
	}
}
