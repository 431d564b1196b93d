package semantic

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// recording is what the npm package made of a text, run once by its own code: testdata/recorded.json. Vectors are of at most
// MaxTokens pieces; the white space of a text was folded first.
type recording struct {
	Text   string
	IDs    []int32
	Vector []float64
}

func recorded(t *testing.T) []recording {
	t.Helper()
	b, err := os.ReadFile("testdata/recorded.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Recorded []recording }
	if err := json.Unmarshal(b, &file); err != nil || len(file.Recorded) != 13 {
		t.Fatalf("%d recordings: %v", len(file.Recorded), err)
	}
	return file.Recorded
}

// realSource is the package's folder, which is no part of the project.
func realSource(t *testing.T) *source {
	t.Helper()
	dir := os.Getenv("WARMLINE_PACK_SOURCE")
	if dir == "" {
		t.Skip("SKIPPED: no model; set WARMLINE_PACK_SOURCE to the unpacked npm package " + Package)
	}
	src, err := readSource(dir)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// realPack is the pack that WARMLINE_PACK names, or one built from the package's folder.
func realPack(t *testing.T) *Pack {
	t.Helper()
	if path := os.Getenv("WARMLINE_PACK"); path != "" {
		p, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	dir := os.Getenv("WARMLINE_PACK_SOURCE")
	if dir == "" {
		t.Skip("SKIPPED: no semantic pack; set WARMLINE_PACK to what make semantic built")
	}
	var b bytes.Buffer
	if err := Build(dir, &b); err != nil {
		t.Fatal(err)
	}
	return openBytes(t, b.Bytes())
}

func TestTheModelIsThePackages(t *testing.T) {
	m, err := realSource(t).model()
	if err != nil {
		t.Fatal(err)
	}
	most := 0.0
	for _, r := range recorded(t) {
		off := apart(m.reference(r.IDs), r.Vector)
		if most = max(most, off); off > 1e-5 {
			t.Errorf("%.30q is off by %.2g", r.Text, off)
		}
	}
	t.Logf("at most %.2g off in any component", most)
}

func TestThePackCutsAndPointsAsThePackage(t *testing.T) {
	p := realPack(t)
	least := 1.0
	for _, r := range recorded(t) {
		if got := p.tokenizer.encode(r.Text); !slices.Equal(got, r.IDs) {
			t.Errorf("%.30q: pieces %v, want %v", r.Text, got, r.IDs)
		}
		c := cosine(encode(p, r.Text), r.Vector)
		if least = min(least, c); c < 0.998 {
			t.Errorf("%.30q: cosine %.5f, want 0.998", r.Text, c)
		}
	}
	if p.ID() != Measured {
		t.Errorf("the pack is %s; the one that was measured is %s", p.ID(), Measured)
	}
	t.Logf("cosine at least %.5f; pack %s of %d bytes", least, p.ID(), p.Info().Bytes)
}

func TestWhatMeansTheSameLiesNearer(t *testing.T) {
	p := realPack(t)
	for _, c := range []struct{ text, near, far string }{
		{"Where is my parcel?", "My package has not arrived yet", "How do I change my password?"},
		{"I cannot log in", "The sign-in page rejects my password", "The lamp arrived with a crack"},
		{"Give me my money back", "I would like a refund", "Which colours do you have?"},
	} {
		text := encode(p, c.text)
		near, far := cosine(text, encode(p, c.near)), cosine(text, encode(p, c.far))
		if near <= far {
			t.Errorf("%q: %.2f to %q, %.2f to %q", c.text, near, c.near, far, c.far)
		}
	}
}
