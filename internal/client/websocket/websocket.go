// Package websocket is the client's side of RFC 6455: frames written, and messages taken from frames as they come. It
// knows no connection and no clock, draws nothing, and keeps no more than one message. It offers no extension.
package websocket

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
)

// Opcode says what a frame or message is.
type Opcode byte

// The opcodes, RFC 6455, section 5.2.
const (
	more   Opcode = 0 // goes on with the message under way
	Text   Opcode = 1
	Binary Opcode = 2
	Close  Opcode = 8
	Ping   Opcode = 9
	Pong   Opcode = 10
)

// control says whether a frame may come between those of a message.
func (o Opcode) control() bool { return o >= Close }

const (
	final    = 1 << 7
	reserved = 7 << 4
	masked   = 1 << 7

	mostControl = 125 // bytes of a control frame
)

// Normal is the code of a connection that has done its work, RFC 6455, section 7.4.1.
const Normal = 1000

// Accept is what a server answers to a key, RFC 6455, section 4.2.2.
func Accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// AppendFrame writes a whole message, or a control frame of at most 125 bytes, as a client sends it: masked.
func AppendFrame(dst []byte, op Opcode, mask [4]byte, payload []byte) []byte {
	dst = append(dst, final|byte(op))
	switch n := len(payload); {
	case n <= mostControl:
		dst = append(dst, masked|byte(n))
	case n <= 1<<16-1:
		dst = binary.BigEndian.AppendUint16(append(dst, masked|126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, masked|127), uint64(n))
	}
	dst = append(dst, mask[:]...)
	for i, c := range payload {
		dst = append(dst, c^mask[i&3])
	}
	return dst
}

// AppendClose writes the frame that closes a connection, with its code.
func AppendClose(dst []byte, mask [4]byte, code uint16) []byte {
	return AppendFrame(dst, Close, mask, binary.BigEndian.AppendUint16(nil, code))
}
