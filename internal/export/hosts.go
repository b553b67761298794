package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/target"
)

// services says what the script cannot have of the target and the hosts beside it.
func (s *script) services() {
	t := s.plan.Config.Target
	s.service("target", t.URL, t.TLS)
	for _, h := range s.plan.Config.Hosts {
		s.service("hosts."+h.Name, h.URL, h.TLS)
		switch {
		case h.TLS.Insecure && !t.TLS.Insecure:
			s.note("hosts.%s.tls: insecure is not in the script, whose tools have one for all hosts", h.Name)
		case h.HTTP == target.H2C && s.err == nil:
			s.err = fmt.Errorf("hosts.%s.http: the tool speaks HTTP/2 over TLS alone; leave it out", h.Name)
		case h.HTTP != target.Auto:
			s.note("hosts.%s.http: the tool chooses the version of HTTP itself", h.Name)
		}
	}
}

// service says what the script cannot have of the target or a host.
func (s *script) service(place, url string, tls config.TLS) {
	secret := func(text string) bool { return text != "" && strings.Contains(url, text) }
	if s.err == nil && slices.ContainsFunc(s.plan.Config.Secrets, secret) {
		s.err = fmt.Errorf("%s.url: a secret of the environment is in it, and would be in the script: write the "+
			"address without it, or give that of the target with --host", place)
	}
	if tls.CA != nil || tls.Cert != nil || tls.ServerName != "" {
		s.note("%s.tls: its certificates and server_name are not in the script; set them in the tool itself", place)
	}
	if strings.HasPrefix(url, "http+unix:") && s.err == nil {
		s.err = fmt.Errorf("%s.url: the tool cannot ask a unix socket: %s", place, url)
	}
}

// hosts is a line of the script with the hosts beside the target; "": there are none.
func (s *script) hosts(line string) string {
	var all []member
	for _, h := range s.plan.Config.Hosts {
		all = append(all, member{h.Name, quoted(h.URL)})
	}
	if all == nil {
		return ""
	}
	return fmt.Sprintf(line, members(s.words, all))
}
