package thresholds

import (
	"bytes"
	"io"
	"io/fs"
	"strings"

	"github.com/loadgate/loadgate/internal/config/grammar"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// file reads a file below the folder of thresholds.yaml. It returns nil when
// there is a mistake, an empty slice for an empty file.
func (b *builder) file(v *grammar.Value) []byte {
	name, shown := v.Text, mistake.Show(v.Text)
	switch {
	case b.trial:
		b.Lose(v.Path)
		return nil
	case b.options.Files == nil:
		b.Add(v.Pos, v.Path, "%s cannot be read: this file has no folder; write the content here", shown)
		return nil
	case !fs.ValidPath(name) || strings.Contains(name, `\`):
		b.Add(v.Pos, v.Path, "%q does not stay below this file's folder; write a path such as data/accounts.csv, "+
			"without .. and without a / or ./ in front", name)
		return nil
	}
	if strings.EqualFold(name, b.config.EnvFile.File) {
		b.Add(v.Pos, v.Path, "%s is the env_file, which is never sent; name another file", shown)
		return nil
	}
	f, err := b.options.Files.Open(name)
	if err != nil {
		b.Add(v.Pos, v.Path, "%s cannot be read: %v; put it beside this file", shown, cause(err))
		return nil
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		b.Add(v.Pos, v.Path, "%s cannot be read: %v", shown, cause(err))
		return nil
	case len(content) > maxFile:
		b.Add(v.Pos, v.Path, "%s is larger than 64 MiB; write a smaller one", shown)
		return nil
	case len(b.envText) > 0 && bytes.Equal(b.envText, content): // under another name, such as that of a link
		b.Add(v.Pos, v.Path, "%s has what the env_file has, which is never sent; name another file", shown)
		return nil
	}
	return content
}

// maxFile is the largest data or body file that is read, in bytes.
const maxFile = 64 << 20

// cause leaves out the operation and path that the message names already.
func cause(err error) error {
	if e, ok := err.(*fs.PathError); ok {
		return e.Err
	}
	return err
}
