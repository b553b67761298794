package fleet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"time"
)

// LargestBundle is how many bytes the files of a load may have in all, unpacked.
const LargestBundle = 64 << 20

// largestPacked is how many bytes a bundle may have: what cannot be packed grows a little.
const largestPacked = LargestBundle + LargestBundle/8

// mostFiles limits a bundle: a load reads some data tables and bodies.
const mostFiles = 10_000

// Pack puts files into a bundle, by their names with slashes, relative to the folder of thresholds.yaml. The
// same files give the same bytes.
func Pack(files Files) ([]byte, error) {
	if len(files) > mostFiles {
		return nil, errTooMany
	}
	var out bytes.Buffer
	packed := zip.NewWriter(&out)
	size := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := checkName(name); err != nil {
			return nil, err
		}
		if size += len(files[name]); size > LargestBundle {
			return nil, errTooLarge
		}
		w, err := packed.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Time{}})
		if err == nil {
			_, err = w.Write(files[name])
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := packed.Close(); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return out.Bytes(), nil
}

var (
	errTooLarge = fmt.Errorf("the files of the load have more than %d MiB in all", LargestBundle>>20)
	errTooMany  = fmt.Errorf("the load has more than %d files", mostFiles)
)

func checkName(name string) error {
	if !fs.ValidPath(name) || name == "." {
		return fmt.Errorf("a file may not be called %q: names are relative and stay within their folder", name)
	}
	return nil
}

// Unpack is the files of a bundle. Nothing of it is believed before it is read: neither sizes nor names, and
// a bundle that would grow beyond LargestBundle is refused. What it returns touches no disk.
func Unpack(bundle []byte) (Files, error) {
	packed, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		return nil, fmt.Errorf("unpack the files of the load: %w", err)
	}
	if len(packed.File) > mostFiles {
		return nil, errTooMany
	}
	files, left := Files{}, int64(LargestBundle)
	for _, f := range packed.File {
		if err := checkName(f.Name); err != nil {
			return nil, err
		}
		if _, twice := files[f.Name]; twice || !f.Mode().IsRegular() {
			return nil, fmt.Errorf("unpack %q: it is there twice, or no regular file", f.Name)
		}
		content, err := unpackOne(f, left)
		if err != nil {
			return nil, fmt.Errorf("unpack %q: %w", f.Name, err)
		}
		files[f.Name], left = content, left-int64(len(content))
	}
	return files, nil
}

// unpackOne reads a file. More bytes than most are an error.
func unpackOne(f *zip.File, most int64) (content []byte, err error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	content, err = io.ReadAll(io.LimitReader(in, most+1))
	if int64(len(content)) > most {
		return nil, errTooLarge
	}
	return content, err
}
