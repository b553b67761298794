package output

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/loadgate/loadgate/internal/cli/failure"
)

// Tree is a folder of files that a command writes again and again. A file in it, the marker, lists what the command
// wrote: only that is overwritten or removed. A file that is as it was written, and whose key is the same, is left
// alone. It is not safe for concurrent use.
type Tree struct {
	folder string
	root   *os.Root
	lock   *FolderLock
	old    map[string]treeFile // by path
	files  map[string]treeFile // of this time
}

// treeMarker is the name of the marker.
const treeMarker = ".loadgate-site.json"

// TreeSchema names the version of the marker.
const TreeSchema = "loadgate.site/1"

type treeDocument struct {
	Schema string     `json:"schema"`
	Files  []treeFile `json:"files"` // by path
}

type treeFile struct {
	Path   string `json:"path"`
	Key    string `json:"key,omitempty"`    // names what it was made of; empty: it is made anew each time
	SHA256 string `json:"sha256,omitempty"` // of the file; empty: it was to be written, and may not have been
}

// OpenTree opens a folder, and makes it if it is missing. A folder in which others have files, and no marker, is
// refused. The caller ends with Close.
func OpenTree(folder string) (*Tree, error) {
	lock, err := lock(folder, "wait for it, or name another folder")
	if err != nil {
		return nil, err
	}
	t := &Tree{folder: folder, lock: lock, old: map[string]treeFile{}, files: map[string]treeFile{}}
	if t.root, err = os.OpenRoot(folder); err != nil {
		err = failure.CouldNotRun(fmt.Errorf("read %s: %w", folder, failure.WithoutPath(err)))
	} else {
		err = t.readMarker()
	}
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// Close releases the folder.
func (t *Tree) Close() {
	if t.root != nil {
		_ = t.root.Close() // it was read only
	}
	t.lock.Unlock()
}

// readMarker finds what an earlier command wrote.
func (t *Tree) readMarker() error {
	text, err := t.root.ReadFile(treeMarker)
	if errors.Is(err, fs.ErrNotExist) {
		return t.refuseOthers()
	}
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("read %s: %w",
			filepath.Join(t.folder, treeMarker), failure.WithoutPath(err)))
	}
	var doc treeDocument
	if err := json.Unmarshal(text, &doc); err != nil || doc.Schema != TreeSchema {
		return fmt.Errorf("%s is not a list of files that this loadgate wrote; empty the folder, or name another",
			filepath.Join(t.folder, treeMarker))
	}
	for _, f := range doc.Files {
		if fs.ValidPath(f.Path) && filepath.IsLocal(f.Path) && f.Path != "." && f.Path != treeMarker {
			t.old[f.Path] = f
		}
	}
	return nil
}

// refuseOthers returns an error if somebody else's files are in the folder.
func (t *Tree) refuseOthers() error {
	entries, err := fs.ReadDir(t.root.FS(), ".")
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("read %s: %w", t.folder, failure.WithoutPath(err)))
	}
	for _, e := range entries {
		if e.Name() != lockFile {
			return fmt.Errorf("%s holds %s, which loadgate did not write; name a new or empty folder",
				t.folder, e.Name())
		}
	}
	return nil
}

// Plan says which files will be written, before the first is: an interrupted command leaves no file that the next
// takes for somebody else's. A file of others in the place of one is an error.
func (t *Tree) Plan(paths []string) error {
	planned := maps.Clone(t.old)
	for _, name := range paths {
		if _, mine := t.old[name]; mine {
			continue
		}
		if _, err := t.root.Lstat(filepath.FromSlash(name)); err == nil {
			return fmt.Errorf("%s is in the way: loadgate did not write it; remove it, or name another folder",
				filepath.Join(t.folder, name))
		}
		planned[name] = treeFile{Path: name}
	}
	return t.writeMarker(planned)
}

// Kept says whether a file is as it was written with a key, and keeps it then.
func (t *Tree) Kept(name, key string) bool {
	f, ok := t.old[name]
	if !ok || key == "" || f.Key != key || f.SHA256 == "" {
		return false
	}
	if _, ok := t.Read(name); !ok {
		return false
	}
	t.files[name] = f
	return true
}

// Read returns a file that is as it was written.
func (t *Tree) Read(name string) (text []byte, ok bool) {
	f, mine := t.old[name]
	if !mine || f.SHA256 == "" {
		return nil, false
	}
	text, err := t.root.ReadFile(filepath.FromSlash(name))
	if err != nil || digestOf(text) != f.SHA256 {
		return nil, false
	}
	return text, true
}

// Write writes a file, made of what its key names.
func (t *Tree) Write(name, key string, write func(io.Writer) error) error {
	sum := sha256.New()
	if err := t.inside(name); err != nil {
		return err
	}
	err := WriteFile(filepath.Join(t.folder, filepath.FromSlash(name)),
		func(w io.Writer) error { return write(io.MultiWriter(w, sum)) })
	if err == nil {
		t.files[name] = treeFile{name, key, hex.EncodeToString(sum.Sum(nil))}
	}
	return err
}

// inside refuses a file whose folder, or which itself, is a symbolic link: writing follows links, and this tree ends
// at its folder.
func (t *Tree) inside(name string) error {
	for at := name; at != "."; at = path.Dir(at) {
		info, err := t.root.Lstat(filepath.FromSlash(at))
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return fmt.Errorf("%s is a symbolic link, which loadgate did not make; remove it, or name another folder",
				filepath.Join(t.folder, at))
		}
	}
	return nil
}

// Finish removes what was written before and was not written or kept now, and says how many files that were.
func (t *Tree) Finish() (removed int, err error) {
	for _, name := range slices.Sorted(maps.Keys(t.old)) {
		if _, stays := t.files[name]; stays {
			continue
		}
		switch err := t.root.Remove(filepath.FromSlash(name)); {
		case err == nil:
			removed++
		case !errors.Is(err, fs.ErrNotExist):
			return removed, failure.CouldNotRun(fmt.Errorf("remove %s: %w",
				filepath.Join(t.folder, name), failure.WithoutPath(err)))
		}
		for at := path.Dir(name); at != "."; at = path.Dir(at) {
			if t.root.Remove(filepath.FromSlash(at)) != nil {
				break // it holds other files
			}
		}
	}
	return removed, t.writeMarker(t.files)
}

func (t *Tree) writeMarker(files map[string]treeFile) error {
	doc := treeDocument{Schema: TreeSchema, Files: []treeFile{}}
	for _, f := range files {
		doc.Files = append(doc.Files, f)
	}
	slices.SortFunc(doc.Files, func(a, b treeFile) int { return cmp.Compare(a.Path, b.Path) })
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(doc); err != nil {
		return failure.CouldNotRun(err)
	}
	if err := t.inside(treeMarker); err != nil {
		return err
	}
	return WriteFile(filepath.Join(t.folder, treeMarker),
		func(w io.Writer) error { _, err := w.Write(text.Bytes()); return err })
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
