package semantic

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAPackIsReadAsItWasWritten(t *testing.T) {
	b := tinyPack(t)
	p := openBytes(t, b)
	want := Info{ID: p.ID(), Bytes: int64(len(b)), Dim: 8, Pieces: 20, Layers: 2}
	if p.Info() != want || len(p.ID()) != 12 || p.Dim() != 8 {
		t.Errorf("info %+v, want %+v", p.Info(), want)
	}
	var again bytes.Buffer
	if err := p.network.seal(&again, p.tokenizer.pieces); err != nil || !bytes.Equal(again.Bytes(), b) {
		t.Errorf("written again it is another: %v", err)
	}
	var other bytes.Buffer
	if err := newModel(tiny2, 2).network().seal(&other, tinyPieces); err != nil {
		t.Fatal(err)
	}
	if openBytes(t, other.Bytes()).ID() == p.ID() {
		t.Error("two packs have one id")
	}
}

func TestAFileThatIsNoGoodPackSaysWhatToDo(t *testing.T) {
	good := tinyPack(t)
	with := func(at int, b byte) []byte {
		c := slices.Clone(good)
		c[at] ^= b
		return c
	}
	for name, c := range map[string]struct {
		bytes []byte
		want  string
	}{
		"empty":        {nil, "it is no pack"},
		"short":        {good[:5], "it is no pack"},
		"foreign":      {[]byte(strings.Repeat("SQLite format 3\x00", 9)), "it is no pack"},
		"newer":        {with(len(magic), 3), "version 2, and this program reads version 1"},
		"cut":          {good[:len(good)-1], "it was cut or added to"},
		"cut in front": {good[:header], "it was cut or added to"},
		"added to":     {append(slices.Clone(good), 0), "it was cut or added to"},
		"damaged":      {with(len(good)-9, 1), "its checksum is wrong"},
		"renamed sum":  {with(header-1, 1), "its checksum is wrong"},
		"huge":         {with(len(magic)+7, 0x80), "it was cut or added to"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "some.pack")
			if err := os.WriteFile(path, c.bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			refusedWith(t, path, c.want)
		})
	}
}

func refusedWith(t *testing.T, path, want string) {
	t.Helper()
	p, err := Open(path)
	if p != nil || err == nil {
		t.Fatal("it was opened")
	}
	for _, part := range []string{path, want, "warmline pack build"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
}

func TestAMissingPackCanBeToldFromABadOne(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "semantic.pack")
	refusedWith(t, missing, "no such file")
	if _, err := Open(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
	refusedWith(t, t.TempDir(), "it is no file")
}

// A checksum keeps accidents away, not whoever can compute one: the shape is checked before it is believed.
func TestAShapeIsCheckedBeforeAnyMemoryIsAskedFor(t *testing.T) {
	payload := tinyPack(t)[header:]
	for name, c := range map[string]struct{ at, value int }{
		"no pieces":                  {0, 0},
		"fewer pieces than reserved": {0, 5},
		"more text than there is":    {1, 1 << 30},
		"fewer rows than pieces":     {2, 19},
		"rows without end":           {2, math.MaxUint32},
		"odd width":                  {3, 7},
		"width without end":          {3, 1 << 16},
		"no dimensions":              {4, 0},
		"other dimensions":           {4, 9},
		"no layers":                  {5, 0},
		"layers without end":         {5, 1 << 31},
		"no heads":                   {6, 0},
		"heads that do not divide":   {6, 3},
		"a first layer too wide":     {7, 10},
		"a layer of nothing":         {8, 0},
		"a step of nothing":          {9, 0},
	} {
		b := slices.Clone(payload)
		binary.LittleEndian.PutUint32(b[4*c.at:], uint32(c.value))
		if n, _, err := readPayload(b); err == nil || n != nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for n := range 24 + 2*16 {
		if _, _, err := readPayload(payload[:n]); err == nil {
			t.Errorf("a shape of %d bytes was accepted", n)
		}
	}
	longer := slices.Clone(payload)
	longer[24+2*16+8]++ // the first piece's length
	if _, _, err := readPayload(longer); err == nil {
		t.Error("pieces that are longer than their text were accepted")
	}
}

func FuzzOpen(f *testing.F) {
	small := newModel(tinySize{rows: 8, width: 2, heads: 1, out: 4, wide: 2, dim: 2, layers: 1}, 1).network()
	payload := small.write(tinyPieces[:8])
	f.Add(payload, true)
	f.Add(tinyPack(f)[:200], false)
	f.Add([]byte(magic), false)
	f.Fuzz(func(t *testing.T, b []byte, sealed bool) {
		if sealed { // past the checksum, to what is behind it
			var w bytes.Buffer
			if err := seal(&w, b); err != nil {
				t.Fatal(err)
			}
			b = w.Bytes()
		}
		p, err := read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		if len(encode(p, "ab 漢 c?")) != p.Dim() {
			t.Fatal("no vector")
		}
		var again bytes.Buffer
		if err := p.network.seal(&again, p.tokenizer.pieces); err != nil || !bytes.Equal(again.Bytes(), b) {
			t.Fatalf("written again it is another: %v", err)
		}
	})
}
