package semantic

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// Measured is the ID of the pack that Package makes, with which all figures in docs/ were taken. Another one came from other
// weights.
const Measured = "dcaed67f0080"

// Pack is an encoder, read from a file. It is safe for concurrent use.
type Pack struct {
	info      Info
	tokenizer *tokenizer
	network   *network
	scratch   sync.Pool // of *scratch
}

// Info says what a pack holds.
type Info struct {
	ID     string // see Pack.ID
	Bytes  int64  // size of the file
	Dim    int    // components of a vector
	Pieces int    // entries of the vocabulary
	Layers int
}

// Open reads a pack, at most 64 MB. A file that is missing, cut, damaged or no pack at all gives an error that says how to
// build one; fs.ErrNotExist can be told from it.
func Open(path string) (*Pack, error) {
	p, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open semantic pack %s: %w; build one with make semantic, or warmline pack build DIR --out FILE", path, err)
	}
	return p, nil
}

func open(path string) (*Pack, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, plainError(err)
	}
	defer func() { _ = f.Close() }() // only read: closing can lose nothing
	at, err := f.Stat()
	if err != nil {
		return nil, plainError(err)
	}
	if !at.Mode().IsRegular() {
		return nil, errors.New("it is no file")
	}
	return read(f, at.Size())
}

// plainError is an error of a file without its path, which is said already.
func plainError(err error) error {
	if fault, ok := errors.AsType[*os.PathError](err); ok {
		return fault.Err
	}
	return err
}

func read(r io.Reader, size int64) (*Pack, error) {
	payload, sum, err := unseal(r, size)
	if err != nil {
		return nil, err
	}
	n, pieces, err := readPayload(payload)
	if err != nil {
		return nil, err
	}
	p := &Pack{tokenizer: newTokenizer(pieces), network: n, info: Info{
		ID: hex.EncodeToString(sum[:6]), Bytes: size, Dim: n.final.rows, Pieces: len(pieces), Layers: len(n.layers),
	}}
	p.scratch.New = func() any { return n.newScratch() }
	return p, nil
}

// Lang is the language that the package was made for.
func (p *Pack) Lang() string { return "en" }

// Dim returns how many components a vector has: 512 for the English pack.
func (p *Pack) Dim() int { return p.info.Dim }

// ID names what the pack holds, in twelve hexadecimal digits of its checksum. Vectors of packs with different ids cannot be
// compared.
func (p *Pack) ID() string { return p.info.ID }

// Info says what the pack holds.
func (p *Pack) Info() Info { return p.info }

// Encode sets to, which needs room for Dim components, to the vector of a text; its length is 1. Of the text the first
// MaxTokens pieces count, case included, and how its words are spaced does not. The same text gives the same vector, to the
// bit, for as long as pack and program are the same. A text of nothing has a vector too.
func (p *Pack) Encode(text string, to []float32) {
	s, _ := p.scratch.Get().(*scratch)
	defer p.scratch.Put(s)
	p.network.encode(p.tokenizer.encode(text), to[:p.Dim()], s)
}

// IsPack reports whether the file at path begins as packs do, whole or damaged. Its error is the file's own.
func IsPack(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = f.Close() }() // only read: closing can lose nothing
	begin := make([]byte, len(magic))
	if _, err := io.ReadFull(f, begin); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return string(begin) == magic, nil
}
