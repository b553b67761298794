package thresholds

import (
	"errors"
	"io/fs"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/dotenv"
	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// envFileBuilder reads the file that the environment is completed by.
type envFileBuilder struct{ *builder }

func (b envFileBuilder) build(v *grammar.Value) {
	file, e := v, config.EnvFile{}
	if v != nil && v.Kind == grammar.ObjectKind {
		file, e.Optional = v.Get("file"), grammar.Or(v.Get("optional"), false)
	}
	if file == nil {
		return
	}
	e.File, e.Pos = file.Text, file.Pos
	if !b.options.EnvGiven && !b.absent(e, file) {
		text := b.file(file)
		values, wrong := dotenv.Parse(text)
		for _, m := range wrong {
			b.Add(file.Pos, file.Path, "%s:%d: %s", mistake.Show(e.File), m.Line, m.Message)
		}
		b.envText, e.Values = text, dotenv.Values{}
		for _, name := range b.allowed {
			if value, ok := values[name]; ok {
				e.Values[name] = value
			}
		}
		b.options.Getenv = e.Behind(b.options.Getenv)
	}
	b.config.EnvFile = e
}

// absent says whether there is no such file, and reports it unless that is allowed.
func (b envFileBuilder) absent(e config.EnvFile, file *grammar.Value) bool {
	if b.trial || b.options.Files == nil || !fs.ValidPath(e.File) {
		return false
	}
	_, err := fs.Stat(b.options.Files, e.File)
	if !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if !e.Optional {
		b.Add(file.Pos, file.Path, "%s is not there; put it beside this file, or write env_file: "+
			"{file: %[1]s, optional: true}", mistake.Show(e.File))
	}
	return true
}
