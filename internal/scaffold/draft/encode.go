package draft

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/target"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
)

// largestFile is what config reads of a file, in bytes.
const largestFile = 1 << 20

// Encode is the file as text, which config reads without a mistake.
func (d *Draft) Encode() ([]byte, error) {
	text, err := d.encode()
	if err != nil {
		return nil, err
	}
	if len(text) > largestFile {
		return nil, errors.New("it is more than one file can hold: cut it down to what users do")
	}
	o := thresholds.Options{LimitsOnly: len(d.Groups) == 0, Unsent: true}
	if _, err := thresholds.Decode(text, "thresholds.yaml", o); err != nil {
		return nil, fmt.Errorf("the draft cannot be read back: %w", err)
	}
	return text, nil
}

// encode is the file as text.
func (d *Draft) encode() ([]byte, error) {
	root := node.Map()
	node.Set(root, "version", node.Number(1))
	if d.Name != "" {
		node.Set(root, "name", node.Text(naming.Line(d.Name)))
	}
	if d.writes() {
		entry(root, "drafted", []string{"what do its requests write? As long as this line is here, " +
			"loadgate try sends GET and HEAD alone, and run loads nothing"}, node.Bool(true))
	}
	d.encodeVariables(root)
	if len(d.Groups) > 0 {
		switch {
		case len(d.Loads) > 0 && len(d.Loads)+len(d.Profiles) > 1:
			node.Set(root, "default_profile", node.Text(d.Loads[0].Name))
		case len(d.Loads) == 0 && len(d.Profiles) > 0:
			node.Set(root, "default_profile", node.Text("light"))
		}
		d.encodeLoad(root)
	}
	node.Set(root, "thresholds", d.encodeRules())
	var out bytes.Buffer
	fmt.Fprintf(&out, "# %s\n", naming.Line("Made from "+d.Origin+" by "+cmp.Or(d.Maker, "loadgate init")+
		". Lines with look: want a person's eye; docs/thresholds.md explains every key."))
	if looks := lookComment(d.looks); looks != "" {
		fmt.Fprintln(&out, looks)
	}
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(root); err != nil {
		return nil, err
	}
	return []byte(secrets.Remove(string(spaced(inPlace(out.Bytes()))))), e.Close()
}

// encodeRules are the rules, with those that have nothing to judge as comments in their places.
func (d *Draft) encodeRules() *node.Value {
	rules := node.Map()
	for _, r := range d.Rules {
		if r.isLive() {
			entry(rules, r.Name, r.Looks, r.encode())
			continue
		}
		one := node.Map()
		node.Set(one, r.Name, r.encode())
		setPlaced(rules, withLooks(lookComment([]string{"its request is a comment, too"}), commented(one)))
	}
	return rules
}

// writes says whether a request of the file is one that may change something.
func (d *Draft) writes() bool {
	return slices.ContainsFunc(d.all(),
		func(s *Step) bool { return !s.Commented && s.Method != "GET" && s.Method != "HEAD" })
}

// spaced is the file with a blank line before each of its larger parts.
func spaced(text []byte) []byte {
	for _, part := range []string{"target", "profiles", "setup", "teardown", "users", "thresholds"} {
		text = bytes.Replace(text, []byte("\n"+part+":"), []byte("\n\n"+part+":"), 1)
	}
	return text
}

func (d *Draft) encodeVariables(root *node.Value) {
	names, secrets := node.List(), node.List()
	for _, v := range d.variables {
		names.Content = append(names.Content, node.Text(v.name))
		if v.secret {
			secrets.Content = append(secrets.Content, node.Text(v.name))
		}
	}
	if len(names.Content) > 0 {
		node.Set(root, "env", node.Inline(names))
	}
	if len(secrets.Content) > 0 {
		node.Set(root, "secret", node.Inline(secrets))
	}
}

func (d *Draft) encodeLoad(root *node.Value) {
	service := node.Map()
	node.Set(service, "url", node.Text(d.URL))
	if hosts := d.allowedHosts(); hosts != nil {
		allowed := node.List()
		for _, h := range hosts {
			allowed.Content = append(allowed.Content, node.Text(h))
		}
		look := "it is not this machine: is it yours to load?"
		if strings.HasPrefix(hosts[0], "unix:") {
			look = "it is a socket of this machine: is it yours to load?"
		}
		entry(service, "allow", []string{look}, node.Inline(allowed))
	}
	if d.Ready != "" {
		check := node.Map()
		node.Set(check, "get", node.Text(d.Ready))
		ready := node.Map()
		node.Set(ready, "checks", node.List(check))
		node.Set(service, "ready", node.Inline(ready))
	}
	node.Set(root, "target", service)
	if len(d.Data) > 0 {
		setPlaced(root, d.dataComment())
	}
	node.Set(root, "profiles", d.encodeProfiles())
	encodeOnce(root, "setup", d.Setup)
	encodeOnce(root, "teardown", d.Teardown)
	users := node.Map()
	for _, g := range d.inOrder() {
		if slices.Contains(d.idle, g) {
			setPlaced(users, g.comment())
		} else {
			entry(users, g.Name, g.Looks, g.encode())
		}
	}
	node.Set(root, "users", users)
}

// encodeProfiles are those of the source, and one of the size that a run needs where the source
// has none in its place.
func (d *Draft) encodeProfiles() *node.Value {
	profiles, profile := node.Map(), node.Map()
	for _, l := range d.Loads {
		entry(profiles, l.Name, l.Looks, l.Profile)
	}
	for _, p := range []struct {
		key string
		v   *node.Value
	}{{"users", node.Number(float64(d.load.users))}, {"spawn_rate", node.Text("5/s")},
		{"duration", node.Text(unit.Compact(d.load.duration))}, {"pace", node.Text("auto")}} {
		node.Set(profile, p.key, p.v)
	}
	if len(d.Loads) == 0 {
		node.Set(profiles, "light", node.Inline(profile))
	}
	for _, p := range d.Profiles {
		one := node.Map()
		node.Set(one, "users", node.Number(float64(p.Users)))
		node.Set(one, "spawn_rate", node.Text(fmt.Sprintf("%d/s", p.SpawnRate)))
		node.Set(one, "duration", node.Text(unit.Compact(time.Duration(p.Seconds)*time.Second)))
		node.Set(profiles, p.Name, node.Inline(one))
	}
	return profiles
}

// dataComment are the tables of rows, as a comment: no file is beside a draft.
func (d *Draft) dataComment() string {
	tables, root := node.Map(), node.Map()
	var looks []string
	for _, t := range d.Data {
		one := node.Map()
		node.Set(one, "file", node.Text(t.File))
		node.Set(one, "pick", node.Text(t.Pick))
		node.Set(tables, t.Name, node.Inline(one))
		looks = append(looks, t.Looks...)
	}
	node.Set(root, "data", tables)
	return withLooks(lookComment(looks), commented(root))
}

// allowedHosts is the hosts that must be allowed for the draft's address; nil: this
// machine's, which are allowed already.
func (d *Draft) allowedHosts() []string {
	host := target.EntryOf(d.URL)
	if host == "" || target.IsLoopback(host) {
		return nil
	}
	return []string{host}
}
