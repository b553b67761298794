package link

import (
	"fmt"

	"github.com/nats-io/nkeys"
)

// Key is a pair of keys of one process, by which secrets are sealed to it and by it. It is never stored.
type Key struct {
	pair   nkeys.KeyPair
	public string
}

// NewKey draws a pair.
func NewKey() (Key, error) { return keyOf(nkeys.CreateCurveKeys()) }

// KeyOf is the pair that 32 bytes decide, which nobody else may know.
func KeyOf(bits []byte) (Key, error) {
	seed, err := nkeys.EncodeSeed(nkeys.PrefixByteCurve, bits)
	if err != nil {
		return Key{}, fmt.Errorf("make a key: %w", err)
	}
	return keyOf(nkeys.FromCurveSeed(seed))
}

func keyOf(pair nkeys.KeyPair, err error) (Key, error) {
	public := ""
	if err == nil {
		public, err = pair.PublicKey()
	}
	if err != nil {
		return Key{}, fmt.Errorf("make a key: %w", err)
	}
	return Key{pair, public}, nil
}

// Public is what others seal to.
func (k Key) Public() string { return k.public }

// Seal makes a text that only the holder of the other key can read, and knows to be by this one.
func (k Key) Seal(text []byte, to string) ([]byte, error) {
	sealed, err := k.pair.Seal(text, to)
	if err != nil {
		return nil, fmt.Errorf("seal to a key: %w", err)
	}
	return sealed, nil
}

// Open reads what was sealed by another key to this one.
func (k Key) Open(sealed []byte, by string) ([]byte, error) {
	text, err := k.pair.Open(sealed, by)
	if err != nil {
		return nil, fmt.Errorf("open what was sealed: %w", err)
	}
	return text, nil
}
