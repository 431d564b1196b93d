package zendesk_test

import (
	"slices"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/zendesk"
	"warmline/helpdesk/zendesk/zendesktest"
)

const brandsCall = "GET /api/v2/brands"

func (w *world) asked(call string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		if c == call {
			n++
		}
	}
	return n
}

func TestBrandsAreReadOnceForAllTickets(t *testing.T) {
	w := start(t)
	w.fake.Page = 1 // so that there are two
	w.read(w.create())
	if n := w.asked(brandsCall); n != 0 {
		t.Errorf("a ticket without a brand asked %d times", n)
	}
	for range 3 {
		for id, name := range zendesktest.Brands {
			ticket := w.create()
			w.book.SetBrand(ticket, id)
			if got := w.read(ticket).Content.Brand; got != name {
				t.Errorf("brand %s is %q, want %q", id, got, name)
			}
		}
	}
	if n := w.asked(brandsCall); n != 2 {
		t.Errorf("%d calls for two pages of brands, want 2", n)
	}
}

func TestABrandWhoseNameIsNotToldIsItsID(t *testing.T) {
	w := start(t)
	w.fake.NoBrands = true
	ticket := w.create()
	w.book.SetBrand(ticket, "360002256672")
	for range 3 {
		if got := w.read(ticket).Content.Brand; got != "360002256672" {
			t.Errorf("brand %q", got)
		}
	}
	if n := w.asked(brandsCall); n != 1 {
		t.Errorf("a refusal is asked for %d times", n)
	}
	w.fake.NoBrands = false
	w.clock.Pass(11 * time.Minute)
	if got := w.read(ticket).Content.Brand; got != "North Lamps" {
		t.Errorf("once it is told, the brand is %q", got)
	}
}

func TestWithoutAFieldThereIsNoValue(t *testing.T) {
	w := start(t)
	ticket := w.create()
	w.book.SetValue(ticket, "1250.5")
	if got := w.read(ticket).Content.Value; got != 1250.5 {
		t.Errorf("value %v", got)
	}
	w.connect(func(o *zendesk.Options) { o.ValueField = "" })
	if got := w.read(ticket).Content.Value; got != 0 {
		t.Errorf("without a field: %v", got)
	}
	if a := w.c.Abilities(); slices.ContainsFunc(a, func(a helpdesk.Ability) bool { return a.Row == "value" && a.Has }) {
		t.Error("it says that it tells what tickets are worth")
	}
}
