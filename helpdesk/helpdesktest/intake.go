package helpdesktest

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// IntakeFixture is a vendor's webhooks with the means to send them.
type IntakeFixture struct {
	// Intake makes the intake of an account whose webhooks may be signed with these secrets.
	Intake func(secrets []string, now func() time.Time) (helpdesk.Intake, error)
	// Sign returns the headers with which the vendor sends a body at an instant.
	Sign func(secret string, at time.Time, body []byte) http.Header
	// Body is a genuine delivery, and Tickets are those that it is about.
	Body    []byte
	Tickets []string
	// Signature is the header that carries the signature, or the token. TimeHeader carries when it was signed; "" where the
	// vendor does not say, so that a replay shows only by its id.
	Signature, TimeHeader string
	// Unsigned says that the vendor sends a token and signs nothing: a changed body is then taken, and a replay counts anew.
	Unsigned bool
	// Secret and Older are two secrets of the account, in the vendor's form; Foreign is one that is not the account's.
	Secret, Older, Foreign string
}

// delivered is a webhook as it arrived.
type delivered struct {
	method string
	header http.Header
	body   []byte
}

// mutation is a delivery with what must become of it.
type mutation struct {
	name string
	delivered
	taken bool
}

// received collects notices as a desk would: the same delivery twice is one.
type received struct {
	at  time.Time
	all []desk.Notice
}

func (r *received) receive(_ context.Context, n desk.Notice) error {
	if !slices.Contains(r.all, n) {
		r.all = append(r.all, n)
	}
	return nil
}

var webhookNoon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// RunIntake holds a vendor's webhooks to what an intake must take and refuse.
func RunIntake(t *testing.T, f IntakeFixture) {
	t.Helper()
	for _, bad := range [][]string{nil, {""}, {"   "}, {f.Secret, ""}} {
		if _, err := f.Intake(bad, nil); err == nil {
			t.Errorf("secrets %d, of which one is empty, are accepted: anybody could sign", len(bad))
		}
	}
	all := f.mutations()
	if len(all) < 60 {
		t.Fatalf("%d mutations, want 60", len(all))
	}
	for _, m := range all {
		t.Run(m.name, func(t *testing.T) {
			r := &received{at: webhookNoon}
			status := r.deliver(t, f, m.delivered)
			want(t, "taken", status/100 == 2, m.taken)
			wanted := 0
			if m.taken {
				wanted = len(f.Tickets)
			}
			want(t, "notices", len(r.all), wanted)
		})
	}
	t.Run("a repeat is no second notice", func(t *testing.T) { repeats(t, f) })
}

// deliver brings a webhook to a new intake.
func (r *received) deliver(t *testing.T, f IntakeFixture, d delivered) int {
	t.Helper()
	in, err := f.Intake([]string{f.Secret, f.Older}, func() time.Time { return r.at })
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	hook, err := helpdesk.Webhook(helpdesk.WebhookOptions{
		Desk: "shop", Verify: in.Verify, Parse: in.Parse, Challenge: in.Challenge, Receive: r.receive,
		Logger: slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), d.method, "/hooks/shop", bytes.NewReader(d.body))
	maps.Copy(req.Header, d.header)
	w := httptest.NewRecorder()
	hook.ServeHTTP(w, req)
	fmt.Fprintf(&said, "%v %+v %#v %s", in, in, in, w.Body)
	for _, secret := range []string{f.Secret, f.Older, strings.TrimPrefix(f.Secret, "whsec_")} {
		if strings.Contains(said.String(), secret) {
			t.Error("a secret shows in a log, in an answer, or in what is made of it")
		}
	}
	return w.Code
}

// repeats delivers the same again at once, and an hour later.
func repeats(t *testing.T, f IntakeFixture) {
	t.Helper()
	r := &received{at: webhookNoon}
	d := delivered{http.MethodPost, f.Sign(f.Secret, webhookNoon, f.Body), f.Body}
	for range 3 {
		if status := r.deliver(t, f, d); status/100 != 2 {
			t.Fatalf("answered %d, want 2xx", status)
		}
	}
	if !f.Unsigned {
		want(t, "notices of three times the same", len(r.all), len(f.Tickets))
	}
	var about []string
	for _, n := range r.all {
		if !slices.Contains(about, n.Ref.ID) {
			about = append(about, n.Ref.ID)
		}
	}
	if !slices.Equal(about, f.Tickets) {
		t.Errorf("it is about tickets %q, want %q", about, f.Tickets)
	}
	r.at = webhookNoon.Add(time.Hour)
	status := r.deliver(t, f, d)
	if f.TimeHeader != "" {
		want(t, "an hour later refused", status, http.StatusUnauthorized)
	}
}

func (f IntakeFixture) mutations() []mutation {
	genuine := func() delivered {
		return delivered{http.MethodPost, f.Sign(f.Secret, webhookNoon, f.Body), f.Body}
	}
	signed := func(at time.Time, body []byte) delivered {
		return delivered{http.MethodPost, f.Sign(f.Secret, at, body), body}
	}
	list := []mutation{{"genuine", genuine(), true}}
	add := func(name string, taken bool, change func(d *delivered)) {
		d := genuine()
		d.header = d.header.Clone()
		change(&d)
		list = append(list, mutation{name, d, taken})
	}
	value := genuine().header.Get(f.Signature)
	add("no signature", false, func(d *delivered) { d.header.Del(f.Signature) })
	add("empty signature", false, func(d *delivered) { d.header.Set(f.Signature, "") })
	add("signature twice", false, func(d *delivered) { d.header[f.Signature] = []string{value, value} })
	add("a wrong signature before the right one", false, func(d *delivered) { d.header[f.Signature] = []string{"x", value} })
	add("signature in another case", false, func(d *delivered) { d.header.Set(f.Signature, swapCase(value)) })
	add("signature with a tail", false, func(d *delivered) { d.header.Set(f.Signature, value+"A") })
	add("signature with the value of another header", false, func(d *delivered) { d.header.Set(f.Signature, "application/json") })
	for i := range 9 { // short ones
		add(fmt.Sprintf("signature cut to %d of 9", i), false, func(d *delivered) { d.header.Set(f.Signature, value[:len(value)*i/9]) })
	}
	for i := range 16 {
		add(fmt.Sprintf("signature with one bit flipped, %d", i), false, func(d *delivered) {
			d.header.Set(f.Signature, flip(value, i))
		})
	}
	for i := range 16 {
		add(fmt.Sprintf("body with one bit flipped, %d", i), f.Unsigned && stillRead(f, flipBytes(f.Body, i)), func(d *delivered) { d.body = flipBytes(d.body, i) })
	}
	add("body with a space more", f.Unsigned, func(d *delivered) { d.body = append([]byte(" "), d.body...) })
	add("no body", false, func(d *delivered) { d.body = nil })
	add("signed with a secret that nobody has", false, func(d *delivered) {
		d.header = f.Sign(f.Foreign, webhookNoon, d.body)
	})
	add("signed with the secret before", true, func(d *delivered) { d.header = f.Sign(f.Older, webhookNoon, d.body) })
	add("too long", false, func(d *delivered) {
		*d = signed(webhookNoon, append(slices.Clone(f.Body), bytes.Repeat([]byte(" "), 1<<20)...))
	})
	add("no JSON", false, func(d *delivered) { *d = signed(webhookNoon, []byte("{")) })
	add("a second body behind the first", false, func(d *delivered) { *d = signed(webhookNoon, append(slices.Clone(f.Body), f.Body...)) })
	add("fetched instead of posted", false, func(d *delivered) { d.method = http.MethodGet })
	add("packed", true, func(d *delivered) { d.body = packed(d.body); d.header.Set("Content-Encoding", "gzip") })
	add("packed to a gigabyte", false, func(d *delivered) {
		d.body = packed(bytes.Repeat([]byte("0"), 64<<20))
		d.header.Set("Content-Encoding", "gzip")
	})
	add("packed in an unknown way", false, func(d *delivered) { d.header.Set("Content-Encoding", "br") })
	timed := f.TimeHeader != ""
	for _, off := range []time.Duration{299 * time.Second, -299 * time.Second} {
		add(fmt.Sprintf("signed %s off", off), true, func(d *delivered) { *d = signed(webhookNoon.Add(off), f.Body) })
	}
	for _, off := range []time.Duration{301 * time.Second, -301 * time.Second, 24 * time.Hour} {
		add(fmt.Sprintf("signed %s off", off), !timed, func(d *delivered) { *d = signed(webhookNoon.Add(off), f.Body) })
	}
	if timed {
		old := f.Sign(f.Secret, webhookNoon.Add(-time.Hour), f.Body)
		add("an old one with a new time", false, func(d *delivered) {
			d.header = old.Clone()
			d.header.Set(f.TimeHeader, f.Sign(f.Secret, webhookNoon, f.Body).Get(f.TimeHeader))
		})
		add("time twice", false, func(d *delivered) {
			at := d.header.Get(f.TimeHeader)
			d.header[http.CanonicalHeaderKey(f.TimeHeader)] = []string{at, at}
		})
		add("no time", false, func(d *delivered) { d.header.Del(f.TimeHeader) })
	}
	return list
}

// stillRead reports whether a changed body is still one that names as many tickets: where nothing is signed, it passes.
func stillRead(f IntakeFixture, body []byte) bool {
	in, err := f.Intake([]string{f.Secret}, nil)
	if err != nil {
		return false
	}
	hints, err := in.Parse(body)
	return err == nil && len(hints) == len(f.Tickets) && !slices.ContainsFunc(hints, func(h helpdesk.Hint) bool { return h.Ticket == "" })
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b) // into memory
	_ = z.Close()
	return out.Bytes()
}

// flip flips one bit of a character, such that it stays one that a header may hold.
func flip(s string, i int) string {
	b := []byte(s)
	at := len(b) * i / 16
	b[at] ^= 1
	if b[at] < 0x21 || b[at] > 0x7e {
		b[at] ^= 3
	}
	return string(b)
}

func flipBytes(b []byte, i int) []byte {
	out := slices.Clone(b)
	out[len(out)*i/16] ^= 1 << (i % 8)
	return out
}

// swapCase changes the case of every letter, except that one without any gets a letter.
func swapCase(s string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 32
		case r >= 'A' && r <= 'Z':
			return r + 32
		}
		return r
	}, s)
	if out == s {
		return s + "a"
	}
	return out
}
