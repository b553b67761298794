package expr

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
)

// hashOf is a hash by its name. SHA-1 is no longer safe where somebody may choose
// both texts; services that sign with it are called all the same.
func hashOf(name string) (func() hash.Hash, error) {
	switch name {
	case "sha1":
		return sha1.New, nil
	case "sha256":
		return sha256.New, nil
	case "sha512":
		return sha512.New, nil
	}
	return nil, fmt.Errorf("%q is not a hash that hmac takes; write \"sha1\", \"sha256\" or \"sha512\"", name)
}

// hashed writes a text's hash in hexadecimal. The name is one of hashOf.
func hashed(name string) func(string) string {
	return func(text string) string {
		made, err := hashOf(name)
		if err != nil {
			return ""
		}
		sum := made()
		_, _ = sum.Write([]byte(text)) // a hash takes everything
		return hex.EncodeToString(sum.Sum(nil))
	}
}
