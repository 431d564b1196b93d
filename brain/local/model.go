package local

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"warmline/brain/local/learn"
)

// Model is what a brain learned from the past, beside the past itself: how to answer, how far to trust that, and how the past
// would have gone. Together with the same knowledge it gives the same brain without the minutes of learning it. It never changes.
type Model struct {
	// Version is that of the code that made it. Only the same code can use it.
	Version string
	// Hash says what it was trained on: all that was known, the seed and the encoder; "" while nothing was. Files is the hash of what the brain
	// was started with, before it learned any ticket.
	Hash, Files string
	// Rows is how many past tickets were known.
	Rows int

	encoder string
	mind    *mind // nil: there was too little past to learn from
}

// maxModel bounds what is read: 256 MB. A team with 150 answers has about five.
const maxModel = 256 << 20

// modelFormat is the form of the bytes. It changes with them.
const modelFormat = "warmline model 1\n"

// ErrOtherModel says that a model was made by other code, or with another encoder: what it says would mean something else here.
var ErrOtherModel = errors.New("the model belongs to another brain")

// Trained reports whether there was enough past to learn from.
func (m *Model) Trained() bool { return m.mind != nil }

// Answers is how many answers it tells apart; 0 when it is not trained.
func (m *Model) Answers() int {
	if !m.mind.answers() {
		return 0
	}
	return len(m.mind.heads.answers)
}

// MarshalBinary implements encoding.BinaryMarshaler. The same model gives the same bytes, the last 32 of which are the SHA-256 of
// the others. It holds no text but the names of answers and topics.
func (m *Model) MarshalBinary() ([]byte, error) {
	w := &learn.Writer{}
	for _, s := range []string{m.Version, m.Hash, m.Files, m.encoder} {
		w.Text(s)
	}
	w.Uint(m.Rows)
	w.Bool(m.mind != nil)
	if m.mind != nil {
		m.mind.write(w)
	}
	out := append([]byte(modelFormat), w.Bytes()...)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...), nil
}

// ReadModel reads what MarshalBinary wrote, at most 256 MB. Whatever is wrong with the bytes is an error, a learn.ErrBroken where
// they are no model.
func ReadModel(from io.Reader) (*Model, error) {
	b, err := io.ReadAll(io.LimitReader(from, maxModel+1))
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	body, ok := unseal(b)
	if !ok {
		return nil, fmt.Errorf("read model: %w: it was cut short or changed", learn.ErrBroken)
	}
	m, err := parseModel(learn.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	return m, nil
}

// unseal returns what lies between the format and a hash that is right.
func unseal(b []byte) ([]byte, bool) {
	end := len(b) - sha256.Size
	if len(b) > maxModel || end < len(modelFormat) || string(b[:len(modelFormat)]) != modelFormat {
		return nil, false
	}
	sum := sha256.Sum256(b[:end])
	return b[len(modelFormat):end], string(sum[:]) == string(b[end:])
}

func parseModel(r *learn.Reader) (*Model, error) {
	m := &Model{Version: r.Text(maxLabel), Hash: r.Text(maxLabel), Files: r.Text(maxLabel), encoder: r.Text(maxLabel)}
	m.Rows = r.Uint(1 << 40)
	if r.Bool() {
		m.mind = readMind(r)
	}
	return m, r.End()
}

// Model returns what the brain has learned so far. It is the same until the next Refit, Recalibrate or Use.
func (b *Brain) Model() *Model { return b.model.Load() }

// Use puts another model in place of the brain's own: one that another process trained on the same knowledge, or on nearly the
// same. Assess goes on with the old one meanwhile. A model of other code or another encoder is refused with ErrOtherModel.
func (b *Brain) Use(m *Model) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.use(b.now.Load(), m)
}

// use makes a state and a model the present ones. b.mu is held, or nobody else has b yet.
func (b *Brain) use(s *state, m *Model) error {
	if m.Version != Version || m.encoder != s.encoderID() || m.mind.answers() && m.mind.heads.space.Dense() != s.dim() {
		return fmt.Errorf("%w: it is %s with encoder %q, this is %s with %q", ErrOtherModel, m.Version, m.encoder, Version, s.encoderID())
	}
	b.model.Store(m)
	b.now.Store(s.with(m.mind))
	return nil
}

// Stale reports whether the brain knows something else than its model was trained on, as it does from the first ticket that it
// learns until the next Refit. A stale model is of use: it is only not the newest that could be had. It reads everything known.
func (b *Brain) Stale() bool { return b.Model().Hash != b.now.Load().hash(b.seed) }

// Rows is how many past tickets are known.
func (b *Brain) Rows() int { return b.now.Load().tickets() }

// FilesChanged reports whether the brain was started with other knowledge than the one that trained its model.
func (b *Brain) FilesChanged() bool { return b.Model().Files != b.files }

func (s *state) encoderID() string {
	if s.encoder == nil {
		return ""
	}
	return s.encoder.ID()
}

// hash says what a model trained on this state is trained on. The order in which it came to be known is no part of it: replicas
// hear of tickets in orders of their own.
func (s *state) hash(seed string) string {
	lines := make([]string, 0, len(s.ix.docs))
	for i, d := range s.ix.docs {
		if !s.gone[i] {
			lines = append(lines, d.kind+"\x00"+d.id+"\x00"+d.lang+"\x00"+d.answer+"\x00"+d.version())
		}
	}
	slices.Sort(lines)
	h := sha256.New()
	for _, part := range append([]string{Version, seed, s.encoderID()}, lines...) {
		_, _ = io.WriteString(h, part+"\x01") // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}

// tickets counts the past tickets that are known.
func (s *state) tickets() (n int) {
	for i, d := range s.ix.docs {
		if d.kind == "ticket" && !s.gone[i] {
			n++
		}
	}
	return n
}

// modelOf names what was learned from a state.
func (b *Brain) modelOf(s *state, m *mind) *Model {
	return &Model{Version: Version, Hash: s.hash(b.seed), Files: b.files, Rows: s.tickets(), encoder: s.encoderID(), mind: m}
}
