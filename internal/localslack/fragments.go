package localslack

import (
	"bufio"
	"encoding/binary"
	"net"
	"net/http"
)

// fragments watches the bytes of a WebSocket on their way in and remembers of
// each message whether it came in one frame: Slack does not put the fragments
// of an ack together, and the library that reads here does not tell.
type fragments struct {
	net.Conn
	header []byte // of the frame that is being read
	left   uint64 // bytes of its payload still to come
	broken bool   // the message began in an earlier frame
	pieces []bool // of messages read but not asked for yet: came in pieces
}

// Read passes on what it reads. Only the socket's reader calls it.
func (f *fragments) Read(p []byte) (int, error) {
	n, err := f.Conn.Read(p)
	f.watch(p[:n])
	return n, err
}

// inPieces reports whether the message that was read last came in several
// frames.
func (f *fragments) inPieces() bool {
	if len(f.pieces) == 0 {
		return false
	}
	first := f.pieces[0]
	f.pieces = f.pieces[1:]
	return first
}

func (f *fragments) watch(data []byte) {
	for len(data) > 0 {
		if f.left > 0 {
			n := min(f.left, uint64(len(data)))
			f.left, data = f.left-n, data[n:]
			continue
		}
		f.header, data = append(f.header, data[0]), data[1:]
		if size, whole := payloadSize(f.header); whole {
			f.left = size
			f.frame(f.header[0])
			f.header = f.header[:0]
		}
	}
}

// frame takes note of a frame by its first byte: FIN and the opcode.
func (f *fragments) frame(first byte) {
	final, opcode := first&0x80 != 0, first&0x0f
	switch {
	case opcode >= 8: // a control frame, which may stand between fragments
	case !final:
		f.broken = true
	default:
		f.pieces = append(f.pieces, f.broken)
		f.broken = false
	}
}

// payloadSize reads the header of a client's frame, which is masked (RFC 6455,
// section 5.2); whole is false while bytes of it are missing.
func payloadSize(header []byte) (size uint64, whole bool) {
	const mask = 4
	if len(header) < 2 {
		return 0, false
	}
	switch size = uint64(header[1] & 0x7f); {
	case size == 126 && len(header) == 4+mask:
		return uint64(binary.BigEndian.Uint16(header[2:])), true
	case size == 127 && len(header) == 10+mask:
		return binary.BigEndian.Uint64(header[2:]), true
	case size < 126 && len(header) == 2+mask:
		return size, true
	}
	return 0, false
}

// watched lets a socket's upgrade take the connection through fragments.
type watched struct {
	http.ResponseWriter
	conn fragments
}

// Hijack makes it an http.Hijacker.
func (w *watched) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.conn.Conn = conn
	return &w.conn, rw, err
}
