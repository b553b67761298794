package load

import (
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/loadgate/loadgate"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/regular"
)

// Pack is what another machine needs to make the same load: the file's name among the files, those that it reads,
// and the variables of the environment that it reads.
func (f *Flags) Pack(env environ.Env, path, host string) (file string, files fleet.Files,
	vars map[string]string, err error) {
	vars = map[string]string{}
	o := config.Options{Host: host, Now: env.Now(), Getenv: func(name string) (string, bool) {
		value, ok := env.Getenv(name)
		if ok {
			vars[name] = value
		}
		return value, ok
	}}
	src := []byte(loadgate.DemoFile)
	path = filepath.Base(path)
	files = fleet.Files{}
	if !f.UseDemoFile {
		whole, read, root, err := open(path, AsArgument)
		if err != nil {
			return "", nil, nil, err
		}
		defer root.Close()
		path, src, o.Files = filepath.Base(whole), read, noting{regular.Under(root), files}
	}
	if _, err := config.Decode(src, path, o); err != nil {
		return "", nil, nil, err
	}
	if _, twice := files[path]; twice {
		return "", nil, nil, fmt.Errorf("%s is its own data file, so that workers cannot get both", path)
	}
	files[path] = src
	return path, files, vars, nil
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
