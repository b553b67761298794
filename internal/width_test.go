package internal_test

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// A line of code is at most this wide, a tab taken for four columns. Lines of a text of
// several between back quotes are as they have to be.
const (
	widest   = 120
	tabStops = 4
)

func TestLinesAreNarrow(t *testing.T) {
	read := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		raw := rawLines(text)
		for i, line := range strings.Split(string(text), "\n") {
			columns := utf8.RuneCountInString(line) + (tabStops-1)*strings.Count(line, "\t")
			if columns > widest && !raw[i+1] {
				t.Errorf("%s:%d: %d columns; break it at %d", path, i+1, columns, widest)
			}
		}
		return nil
	})
	if err != nil || read < 500 {
		t.Errorf("read %d files: %v", read, err)
	}
}

// longest is how many lines a file of the program may have.
const longest = 400

func TestFilesAreShort(t *testing.T) {
	read := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		if lines := strings.Count(string(text), "\n"); lines > longest {
			t.Errorf("%s: %d lines; split it by noun, at %d", path, lines, longest)
		}
		return nil
	})
	if err != nil || read < 300 {
		t.Errorf("read %d files: %v", read, err)
	}
}

// rawLines are the lines, from 1, of texts between back quotes that have several.
func rawLines(text []byte) map[int]bool {
	set := token.NewFileSet()
	file := set.AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0)
	lines := map[int]bool{}
	for {
		pos, kind, lit := s.Scan()
		switch {
		case kind == token.EOF:
			return lines
		case kind == token.STRING && lit[0] == '`' && strings.Contains(lit, "\n"):
			for line := range strings.Count(lit, "\n") + 1 {
				lines[file.Line(pos)+line] = true
			}
		}
	}
}
