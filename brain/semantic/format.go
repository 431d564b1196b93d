package semantic

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// A pack is a header and a payload; numbers are little-endian.
//
//	header   "WARMPACK", version uint32, length of the payload uint32, its SHA-256
//	payload  shape, pieces, embedding, pitch, layers, final matrix: see network.write
//
// The shape says how long everything is. Together it has to be the length of the payload, before any memory is asked for.
const (
	magic   = "WARMPACK"
	version = 1
	header  = len(magic) + 4 + 4 + sha256.Size

	maxPayload = 64 << 20
	maxSide    = 1 << 16 // rows or columns of a matrix
	maxLayers  = 16
	maxPiece   = 255 // bytes
)

// shape is how large a network is.
type shape struct {
	pieces, text, rows, width, dim int // text is the bytes of all pieces
	layers                         []layerShape
}

type layerShape struct{ heads, in, out, wide int }

// size returns how many bytes follow the shape, by part.
func (s *shape) size() int64 {
	n := int64(s.pieces)*9 + int64(s.text)
	n += int64(s.rows)*int64(s.width) + 4*int64(s.rows) + 2*int64(s.width)
	in := s.width
	for _, l := range s.layers {
		n += 8*int64(l.in) + sizeOf(3*l.in, l.in) + sizeOf(l.out, l.in) + 8*int64(l.out) + sizeOf(l.wide, l.out) + sizeOf(l.out, l.wide)
		if l.in != l.out {
			n += sizeOf(l.out, l.in)
		}
		in = l.out
	}
	return n + sizeOf(s.dim, in)
}

// sizeOf is a matrix with its scales and bias.
func sizeOf(rows, cols int) int64 { return int64(rows)*int64(cols) + 8*int64(rows) }

// check refuses shapes that no network has.
func (s *shape) check() error {
	sides := []int{s.pieces, s.rows, s.width, s.dim}
	in := s.width
	for _, l := range s.layers {
		if l.in != in || l.heads < 1 || l.heads > l.in || l.in%l.heads != 0 {
			return errors.New("its layers do not fit together")
		}
		sides = append(sides, 3*l.in, l.out, l.wide)
		in = l.out
	}
	for _, n := range sides {
		if n < 1 || n > maxSide {
			return fmt.Errorf("a side of %d, want 1 to %d", n, maxSide)
		}
	}
	if s.pieces < reserved || s.rows < s.pieces || s.width%2 != 0 || s.text > s.pieces*maxPiece {
		return errors.New("its vocabulary does not fit its embedding")
	}
	return nil
}

// seal puts the header before a payload.
func seal(w io.Writer, payload []byte) error {
	sum := sha256.Sum256(payload)
	h := append([]byte(magic), make([]byte, 8)...)
	binary.LittleEndian.PutUint32(h[len(magic):], version)
	binary.LittleEndian.PutUint32(h[len(magic)+4:], uint32(len(payload)))
	h = append(h, sum[:]...)
	if _, err := w.Write(h); err != nil {
		return fmt.Errorf("write pack: %w", err)
	}
	if _, err := w.Write(payload); err != nil {
		return fmt.Errorf("write pack: %w", err)
	}
	return nil
}

// unseal returns the payload of a pack of size bytes, and its checksum.
func unseal(r io.Reader, size int64) (payload []byte, sum [sha256.Size]byte, err error) {
	h := make([]byte, header)
	if _, err := io.ReadFull(r, h); err != nil || string(h[:len(magic)]) != magic {
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, sum, err
		}
		return nil, sum, errors.New("it is no pack")
	}
	if v := binary.LittleEndian.Uint32(h[len(magic):]); v != version {
		return nil, sum, fmt.Errorf("it is a pack of version %d, and this program reads version %d", v, version)
	}
	length := int64(binary.LittleEndian.Uint32(h[len(magic)+4:]))
	if length > maxPayload || length != size-int64(header) {
		return nil, sum, fmt.Errorf("it has %d bytes and says %d: it was cut or added to", size, length+int64(header))
	}
	payload = make([]byte, length)
	if _, err := io.ReadFull(r, payload); err != nil {
		return nil, sum, fmt.Errorf("it ends early: %w", err)
	}
	sum = sha256.Sum256(payload)
	if !bytes.Equal(sum[:], h[len(h)-sha256.Size:]) {
		return nil, sum, errors.New("its checksum is wrong: it was damaged")
	}
	return payload, sum, nil
}

// parts reads a payload. Its lengths were checked against the shape, so that nothing but the shape itself can end early.
type parts struct{ rest []byte }

func (p *parts) bytes(n int) []byte {
	b := p.rest[:n]
	p.rest = p.rest[n:]
	return b
}

func (p *parts) int() int { return int(binary.LittleEndian.Uint32(p.bytes(4))) }

func (p *parts) int8s(n int) []int8 {
	out := make([]int8, n)
	for i, b := range p.bytes(n) {
		out[i] = int8(b)
	}
	return out
}

func (p *parts) floats(n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(p.bytes(4)))
	}
	return out
}

func (p *parts) matrix(rows, cols int) matrix {
	return matrix{rows: rows, cols: cols, weights: p.int8s(rows * cols), scales: p.floats(rows), bias: p.floats(rows)}
}

func (p *parts) norming(width int) norming {
	return norming{scale: p.floats(width), bias: p.floats(width)}
}

// builder puts a payload together.
type builder struct{ bytes.Buffer }

func (o *builder) ints(values ...int) {
	for _, v := range values {
		o.Write(binary.LittleEndian.AppendUint32(nil, uint32(v)))
	}
}

func (o *builder) int8s(values []int8) {
	for _, v := range values {
		o.WriteByte(byte(v))
	}
}

func (o *builder) floats(values []float32) {
	for _, v := range values {
		o.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
	}
}

func (o *builder) matrix(m *matrix) {
	o.int8s(m.weights)
	o.floats(m.scales)
	o.floats(m.bias)
}

func (o *builder) norming(n *norming) {
	o.floats(n.scale)
	o.floats(n.bias)
}
