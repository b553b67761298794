package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

// figuredFile is a file as its tool writes it, of figures only, made by hand.
type figuredFile struct{ format, name, text, want string }

// figuredFiles are those of the archive, with what is told of them, and how long
// they took in the last line.
func figuredFiles(t testing.TB) []figuredFile {
	t.Helper()
	var files []figuredFile
	parts := archive(t, "figures.txtar")
	for i := 0; i+1 < len(parts); i += 2 {
		format, name, _ := strings.Cut(parts[i].name, ", ")
		files = append(files, figuredFile{format, name, parts[i].text, parts[i+1].text})
	}
	return files
}

func TestFiguresOfTools(t *testing.T) {
	for _, f := range figuredFiles(t) {
		t.Run(f.format+", "+f.name, func(t *testing.T) {
			r := decode(t, f.text, importer.Options{})
			if got := fmt.Sprintf("%s\n%s\n", told(t, r), r.Elapsed); got != f.want || r.Source.Format != f.format {
				t.Errorf("as %s it says\n%swant\n%s", r.Source.Format, got, f.want)
			}
		})
	}
}
