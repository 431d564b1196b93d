package learn

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrBroken says that bytes are no model: cut short, changed, or of another format.
var ErrBroken = errors.New("not a whole model")

// Writer puts a model into bytes. The same model gives the same bytes. Its zero value is ready.
type Writer struct{ b []byte }

// Bytes returns what was written.
func (w *Writer) Bytes() []byte { return w.b }

// Uint writes a number that is not negative.
func (w *Writer) Uint(n int) { w.b = binary.AppendUvarint(w.b, uint64(n)) }

// Float writes a number whole.
func (w *Writer) Float(x float64) { w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(x)) }

// Byte adds one byte.
func (w *Writer) Byte(b byte) { w.b = append(w.b, b) }

// Bool writes a truth.
func (w *Writer) Bool(x bool) {
	if x {
		w.b = append(w.b, 1)
	} else {
		w.b = append(w.b, 0)
	}
}

// Text writes a string.
func (w *Writer) Text(s string) {
	w.Uint(len(s))
	w.b = append(w.b, s...)
}

// Floats writes numbers and how many there are.
func (w *Writer) Floats(xs []float64) {
	w.Uint(len(xs))
	for _, x := range xs {
		w.Float(x)
	}
}

func (w *Writer) small(x float32) { w.b = binary.LittleEndian.AppendUint32(w.b, math.Float32bits(x)) }

func (w *Writer) smalls(xs []float32) { // as many as the reader expects
	for _, x := range xs {
		w.small(x)
	}
}

// Reader takes a model out of bytes. The first fault stays: after it everything that is read is zero. No count is believed that
// the bytes left could not hold, so that a few bytes never cost much memory.
type Reader struct {
	b   []byte
	err error
}

// NewReader reads from b, which it does not change.
func NewReader(b []byte) *Reader { return &Reader{b: b} }

// Err returns the first fault, an ErrBroken, or nil.
func (r *Reader) Err() error { return r.err }

// End returns the first fault, or an ErrBroken when something is left.
func (r *Reader) End() error {
	if r.err == nil && len(r.b) > 0 {
		r.fail("%d bytes too many", len(r.b))
	}
	return r.err
}

// Fail notes a fault, unless there was one before.
func (r *Reader) Fail(why string) { r.fail("%s", why) }

func (r *Reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
		r.b = nil
	}
}

// Uint reads a number of at most most.
func (r *Reader) Uint(most int) int {
	n, size := binary.Uvarint(r.b)
	switch {
	case r.err != nil:
		return 0
	case size <= 0:
		r.fail("a number is cut short")
		return 0
	case n > uint64(most):
		r.fail("a count of %d, at most %d", n, most)
		return 0
	}
	r.b = r.b[size:]
	return int(n)
}

// Count reads how many things follow that take at least size bytes each: at most most, and no more than can follow.
func (r *Reader) Count(most, size int) int {
	n := r.Uint(most)
	if n*size > len(r.b) {
		r.fail("%d things in %d bytes", n, len(r.b))
		return 0
	}
	return n
}

// Float reads a number; NaN and the infinities are faults.
func (r *Reader) Float() float64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	x := math.Float64frombits(binary.LittleEndian.Uint64(b))
	if math.IsNaN(x) || math.IsInf(x, 0) {
		r.fail("a weight is not a number")
		return 0
	}
	return x
}

// Bool reads a truth.
func (r *Reader) Bool() bool { return r.Uint(1) == 1 }

// Text reads a string of at most most bytes.
func (r *Reader) Text(most int) string { return string(r.take(r.Count(most, 1))) }

// Floats reads at most most numbers.
func (r *Reader) Floats(most int) []float64 {
	xs := make([]float64, r.Count(most, 8))
	for i := range xs {
		xs[i] = r.Float()
	}
	return xs
}

// Bytes reads so many bytes as they are; nil after a fault. They must not be changed.
func (r *Reader) Bytes(n int) []byte { return r.take(n) }

func (r *Reader) take(n int) []byte {
	if r.err != nil {
		return nil
	}
	if n > len(r.b) {
		r.fail("it is cut short")
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *Reader) small() float32 {
	b := r.take(4)
	if b == nil {
		return 0
	}
	x := math.Float32frombits(binary.LittleEndian.Uint32(b))
	if x != x || math.IsInf(float64(x), 0) {
		r.fail("a weight is not a number")
		return 0
	}
	return x
}

// smalls reads n numbers; n was counted before.
func (r *Reader) smalls(n int) []float32 {
	if 4*n > len(r.b) {
		r.fail("%d numbers in %d bytes", n, len(r.b))
		return nil
	}
	xs := make([]float32, n)
	for i := range xs {
		xs[i] = r.small()
	}
	return xs
}

func (w *Writer) hash(h uint64) { w.b = binary.LittleEndian.AppendUint64(w.b, h) }

func (r *Reader) hash() uint64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}
