package helpscout_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/helpscout"
	"warmline/helpdesk/helpscout/helpscouttest"
)

func TestOneTokenServesAllWhoWaitForIt(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := c.Read(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := fake.Tokens(); got != 1 {
		t.Errorf("%d tokens were asked for, want 1", got)
	}
}

func TestATokenIsChangedBeforeItEnds(t *testing.T) {
	fake, c := standing(t)
	id := fake.Open(ina, "")
	for _, step := range []struct {
		pass   time.Duration
		tokens int
	}{{0, 1}, {47 * time.Hour, 1}, {time.Hour - 30*time.Second, 2}, {time.Hour, 2}} {
		fake.Pass(step.pass)
		read(t, c, id)
		if got := fake.Tokens(); got != step.tokens {
			t.Errorf("after another %s: %d tokens, want %d", step.pass, got, step.tokens)
		}
	}
}

// TestARevokedTokenIsChangedOnceForAll revokes a token under many readers: each reads again, and one token is asked for.
func TestARevokedTokenIsChangedOnceForAll(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	read(t, c, id)
	fake.Revoke()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := c.Read(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := fake.Tokens(); got != 2 {
		t.Errorf("%d tokens were asked for, want 2", got)
	}
}

func TestAWriteIsNotRepeatedWhenItsTokenHasEnded(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	write(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusPending})
	fake.Revoke()
	r := refused(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusSolved})
	if r.RetryAfter != time.Second || statusOf(fake, id) != "pending" {
		t.Errorf("got %+v, and it is %s; want a refusal that says to come back, and nothing changed", r, statusOf(fake, id))
	}
	write(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusSolved})
	if statusOf(fake, id) != "closed" {
		t.Error("the second time it is not set")
	}
}

// TestATokenThatIsNeverTakenEndsInARefusal would go on for ever if each new token were held to be better.
func TestATokenThatIsNeverTakenEndsInARefusal(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	fake.Before = func(r *http.Request) {
		if r.URL.Path == helpscouttest.TokenPath {
			fake.Revoke()
		}
	}
	fake.TokenLife = 0
	for _, call := range []func() error{
		func() error { _, err := c.Read(t.Context(), id); return err },
		func() error {
			_, err := c.Write(t.Context(), id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusPending})
			return err
		},
	} {
		err := call()
		if r, ok := errors.AsType[*desk.Refused](err); !ok || r.RetryAfter != 0 || !strings.HasPrefix(r.Why, "401 ") {
			t.Errorf("got %v, want a refusal for good", err)
		}
	}
	if got := fake.Tokens(); got > 4 {
		t.Errorf("%d tokens were asked for", got)
	}
}

func TestWithoutATokenNothingIsSentAndThatIsSaid(t *testing.T) {
	for status, again := range map[int]bool{500: true, 503: true, 429: true, 401: false, 400: false} {
		fake, c := account(t, func(f *helpscouttest.Fake) { f.TokenStatus = status })
		id := fake.Open(ina, "")
		for name, call := range map[string]func() error{
			"read": func() error { _, err := c.Read(t.Context(), id); return err },
			"write": func() error {
				_, err := c.Write(t.Context(), id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusPending})
				return err
			},
		} {
			err := call()
			r, ok := errors.AsType[*desk.Refused](err)
			if !ok || (r.RetryAfter > 0) != again || !strings.Contains(r.Why, "token") || strings.Contains(err.Error(), helpscouttest.AppSecret) {
				t.Errorf("%d, %s: got %v; want a refusal, to be tried again: %v", status, name, err, again)
			}
		}
		if statusOf(fake, id) != "active" {
			t.Error("something was sent")
		}
	}
}

// TestAFailureIsSharedByThoseWhoWaited keeps a Help Scout that is down from being asked by each of many waiting calls.
func TestAFailureIsSharedByThoseWhoWaited(t *testing.T) {
	fake := helpscouttest.New(&helpdesktest.Book{Now: func() time.Time { return noon }})
	fake.TokenStatus = http.StatusServiceUnavailable
	c := serve(t, fake)
	for range 10 {
		if _, err := c.Read(t.Context(), "1"); err == nil {
			t.Fatal("it reads")
		}
	}
	if got := fake.Tokens(); got != 1 {
		t.Errorf("it was asked %d times in a second, want once", got)
	}
	fake.TokenStatus = 0
	fake.Pass(2 * time.Second)
	id := fake.Open(ina, "")
	read(t, c, id)
}

func TestWhoGivesUpWaitingForATokenSpoilsItForNobody(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Read(ctx, id); err == nil {
		t.Fatal("it reads after its end")
	}
	read(t, c, id)
}

func TestSecretsAreInNoErrorAndInNoPrintedOptions(t *testing.T) {
	o := helpscout.Options{Name: "shop", AppID: "id", AppSecret: "s3cr3t", DocsKey: "d0c5"}
	for _, text := range []string{o.String(), o.GoString()} {
		if strings.Contains(text, "s3cr3t") || strings.Contains(text, "d0c5") {
			t.Errorf("it prints %q", text)
		}
	}
}
