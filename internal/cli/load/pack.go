package load

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/loadgate/loadgate"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// Pack is what another machine needs to make the same load: the file's name among the files, those that it reads,
// and the variables of the environment that it reads.
func (f *Flags) Pack(env environ.Env, path, host string) (file string, files fleet.Files,
	vars map[string]string, err error) {
	asked := map[string]bool{}
	o := thresholds.Options{Host: host, Now: env.Now(), Getenv: func(name string) (string, bool) {
		asked[name] = true
		return env.Getenv(name)
	}}
	file, files, c, err := f.read(path, o)
	if err != nil {
		return "", nil, nil, err
	}
	vars = map[string]string{}
	getenv := c.EnvFile.Behind(env.Getenv)
	for name := range asked {
		if value, ok := getenv(name); ok {
			vars[name] = value
		}
	}
	return file, files, vars, nil
}

// Variable is one of the environment that a file may read.
type Variable struct {
	Name   string
	Needed bool // the run does not begin without it
}

// Carry is Pack for a run of another machine that has an environment of its own: the variables are their names, in the
// order of the alphabet, and what this environment holds is not looked at.
func (f *Flags) Carry(env environ.Env, path, host string) (file string, files fleet.Files, vars []Variable, err error) {
	asked := map[string]bool{}
	file, files, c, err := f.read(path, thresholds.Options{Host: host, Now: env.Now(), Unsent: true, EnvGiven: true,
		Getenv: func(name string) (string, bool) {
			asked[name] = true
			return "", false
		}})
	if err != nil {
		return "", nil, nil, err
	}
	for _, r := range c.Resources {
		for _, name := range r.Env { // of a command, which reads them later
			asked[name] = true
		}
	}
	for _, name := range c.Unset {
		asked[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		vars = append(vars, Variable{Name: name, Needed: slices.Contains(c.Unset, name)})
	}
	return file, files, vars, nil
}

// read reads the file with all that it reads itself.
func (f *Flags) read(path string, o thresholds.Options) (file string, files fleet.Files, c *config.Config, err error) {
	src := []byte(loadgate.DemoFile)
	files = fleet.Files{}
	if !f.UseDemoFile {
		whole, read, root, err := open(path, AsArgument)
		if err != nil {
			return "", nil, nil, err
		}
		defer root.Close()
		path, src, o.Files = filepath.Base(whole), read, noting{regular.Under(root), files}
	}
	if c, err = thresholds.Decode(src, path, o); err != nil {
		return "", nil, nil, err
	}
	delete(files, c.EnvFile.File) // its values go as those of the environment do, and nothing else of it
	if _, twice := files[path]; twice {
		return "", nil, nil, fmt.Errorf("%s is its own data file, so that workers cannot get both", path)
	}
	files[path] = src
	return path, files, c, nil
}

// noting is a file system that keeps what is read of it.
type noting struct {
	fs.FS
	read fleet.Files
}

// Open implements fs.FS.
func (n noting) Open(name string) (fs.File, error) {
	if _, known := n.read[name]; !known {
		content, err := fs.ReadFile(n.FS, name)
		if err != nil {
			return nil, err
		}
		n.read[name] = content
	}
	return n.read.Open(name)
}
