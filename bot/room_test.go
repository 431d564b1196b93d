package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

func TestCardIsPostedAndRedrawn(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		at := r.post(sample())
		card := r.Channel("support").ExpectCard("refund").ExpectButton("Approve & send")
		c := sample()
		c.Handoff.State, c.Owner, c.Version = escalate.HandoffClaimed, "U1ANA", 2
		if err := r.bot.UpdateCard(t.Context(), at, c); err != nil {
			t.Fatal(err)
		}
		card.ExpectText("claimed by").ExpectNoButton("Claim")
		c.Plain = true
		if err := r.bot.UpdateCard(t.Context(), at, c); err != nil {
			t.Fatal(err)
		}
		card.ExpectText("Slack did not take the whole card").ExpectButton("Details")
		gone := desk.Place{Channel: at.Channel, TS: "1700000000.000001"}
		if err := r.bot.UpdateCard(t.Context(), gone, c); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a card that is gone: %v", err)
		}
	})
}

// A post whose answer was lost is there or not; only looking tells.
func TestPostWithALostAnswerIsFoundAgain(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		begun := time.Now()
		r.fail(map[string]any{"method": "chat.postMessage", "status": 500, "after_apply": true, "times": 1})
		var refused *desk.Refused
		if _, err := r.bot.PostCard(t.Context(), sample()); err == nil || errors.As(err, &refused) {
			t.Fatalf("a lost answer counts as %v", err)
		}
		if other := r.forge("01OTHER"); other == "" {
			t.Fatal("the other app could not post")
		}
		for range 250 { // more than a page of talk
			r.Channel("support").Say("ana", "hello")
		}
		at, err := r.bot.FindCard(t.Context(), "support", "01HANDOFF", begun)
		if err != nil {
			t.Fatal(err)
		}
		if c := sample(); r.bot.UpdateCard(t.Context(), at, c) != nil {
			t.Errorf("the card that was found cannot be redrawn")
		}
		for _, h := range []escalate.HandoffID{"01NONE", "01OTHER"} {
			if at, err := r.bot.FindCard(t.Context(), "support", h, begun); !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("%s is found at %v, %v", h, at, err)
			}
		}
		if _, err := r.bot.FindCard(t.Context(), "support", "01HANDOFF", time.Now().Add(time.Hour)); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a card older than the search is found: %v", err)
		}
	})
}

// forge posts a message of another app that carries our key.
func (r *rig) forge(h string) string {
	r.t.Helper()
	api := slack.New("xoxb-2-test", slack.OptionAPIURL(base+"/api/"), slack.OptionHTTPClient(r.http))
	_, ts, err := api.PostMessageContext(r.t.Context(), "C1SUPPORT", slack.MsgOptionText("mine", false),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "warmline_card", EventPayload: map[string]any{"handoff": h}}))
	if err != nil {
		r.t.Fatal(err)
	}
	return ts
}

func TestPostIsTriedOnce(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		r.fail(map[string]any{"method": "chat.postMessage", "status": 500, "times": 1})
		if _, err := r.bot.PostCard(t.Context(), sample()); err == nil {
			t.Error("a failed post was repeated")
		}
		r.Channel("support").ExpectNone("refund")
	})
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		for name, tc := range map[string]struct {
			channel string
			fault   map[string]any
			want    desk.Refused
		}{
			"not invited":   {channel: "general", want: desk.Refused{Why: "not_in_channel; invite @warmline to #general, or fix the route in the policy", NoChannel: true}},
			"no channel":    {channel: "#nowhere", want: desk.Refused{Why: "channel_not_found; invite @warmline to #nowhere, or fix the route in the policy", NoChannel: true}},
			"asked to wait": {channel: "support", fault: map[string]any{"status": 429, "retry_after": 7}, want: desk.Refused{Why: "ratelimited", RetryAfter: 7 * time.Second}},
			"too much":      {channel: "support", fault: map[string]any{"error": "msg_blocks_too_long"}, want: desk.Refused{Why: "msg_blocks_too_long", Content: true}},
			"archived": {
				channel: "support", fault: map[string]any{"error": "is_archived"},
				want: desk.Refused{Why: "is_archived; unarchive #support, or fix the route in the policy", NoChannel: true},
			},
		} {
			if tc.fault != nil {
				tc.fault["method"], tc.fault["times"] = "chat.postMessage", 1
				r.fail(tc.fault)
			}
			c := sample()
			c.Channel = tc.channel
			_, err := r.bot.PostCard(t.Context(), c)
			var got *desk.Refused
			if !errors.As(err, &got) {
				t.Errorf("%s: %v", name, err)
				continue
			}
			tc.want.Op = "post card"
			if d := cmp.Diff(tc.want, *got); d != "" {
				t.Errorf("%s (-want +got):\n%s", name, d)
			}
			time.Sleep(10 * time.Second)
		}
	})
}

func TestThreadIsPostedOnceWhateverHappens(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		at := r.post(sample())
		thread := r.Channel("support").ExpectCard("refund").Thread()
		posts := []desk.ThreadPost{
			{Key: "m1", Head: "Ina Berg · customer", Text: "Where is it?", At: time.Now()},
			{Key: "m2", Head: "Ina Berg · customer", Text: strings.Repeat("A long complaint. ", 1000), At: time.Now()},
			{Key: "m3", Head: "Otto · internal note", Text: "Called the bank.", Note: true, Mention: "U1ANA", At: time.Now()},
		}
		r.fail(map[string]any{"method": "chat.postMessage", "status": 429, "retry_after": 1, "times": 1})
		if err := r.bot.PostThread(t.Context(), at, posts[:1], false); err != nil {
			t.Fatalf("a second's wait was not waited: %v", err)
		}
		r.fail(map[string]any{"method": "chat.postMessage", "status": 500, "after_apply": true, "times": 1})
		if err := r.bot.PostThread(t.Context(), at, posts, true); err == nil {
			t.Fatal("a lost answer counts as none")
		}
		if err := r.bot.PostThread(t.Context(), at, posts, true); err != nil {
			t.Fatal(err)
		}
		if err := r.bot.PostThread(t.Context(), at, posts, true); err != nil {
			t.Fatal(err)
		}
		thread.Expect("Where is it?")
		if got := thread.Texts(); len(got) != 4 || strings.Count(strings.Join(got, "\n"), "Where is it?") == 0 || !strings.Contains(got[3], "Called the bank.") {
			t.Errorf("the thread has %d posts, want 4 in order: %.300q", len(got), got)
		}
	})
}

// The middle of a transcript fails cleanly: the part before it was applied, so the whole was not refused.
func TestThreadThatFailsHalfwayIsNoRefusal(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		at := r.post(sample())
		posts := []desk.ThreadPost{{Key: "m1", Text: "one"}, {Key: "m2", Text: "two"}}
		var refused *desk.Refused
		r.fail(map[string]any{"method": "chat.postMessage", "error": "restricted_action", "times": 1})
		if err := r.bot.PostThread(t.Context(), at, posts, false); !errors.As(err, &refused) {
			t.Errorf("nothing was posted, but: %v", err)
		}
		r.fail(map[string]any{"method": "chat.postMessage", "delay_ms": 1, "times": 1})
		r.fail(map[string]any{"method": "chat.postMessage", "error": "restricted_action", "times": 1})
		if err := r.bot.PostThread(t.Context(), at, posts, false); err == nil || errors.As(err, &refused) {
			t.Errorf("one of two was posted, but: %v", err)
		}
		gone := desk.Place{Channel: at.Channel, TS: "1700000000.000001"}
		if err := r.bot.PostThread(t.Context(), gone, posts, false); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a thread without its card: %v", err)
		}
		if err := r.bot.PostThread(t.Context(), gone, posts, true); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a thread without its card, repeated: %v", err)
		}
		for _, m := range r.Channel("support").Messages() {
			if strings.Contains(m.Visible(), "two") {
				t.Errorf("what belongs in a thread stands in the channel: %v", m)
			}
		}
	})
}

func TestPrivateAnswersFindTheirWay(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		at := r.post(sample())
		r.click(at, desk.ActClaim)
		pressed := r.desk.done()[0]
		to := desk.Recipient{Person: "U1ANA", URL: pressed.Respond, Channel: at.Channel}
		say := func(to desk.Recipient, words string) error {
			return r.bot.Tell(t.Context(), to, desk.Answer{Text: words, Lines: []desk.Line{{Text: words}}})
		}
		for i := range 7 { // five by the response URL, then ephemeral
			if err := say(to, fmt.Sprintf("answer %d", i)); err != nil {
				t.Fatal(err)
			}
			r.Channel("support").As("ana").ExpectPrivate(fmt.Sprintf("answer %d", i))
		}
		r.Channel("support").ExpectCard("refund") // was not replaced
		if err := say(desk.Recipient{Person: "U1ANA", URL: "https://evil.example/hook", Channel: at.Channel}, "not there"); err != nil {
			t.Errorf("a foreign response URL: %v", err)
		}
		r.Channel("support").As("ana").ExpectPrivate("not there")
		if err := say(desk.Recipient{Person: "U1ANA"}, "by direct message"); err != nil {
			t.Errorf("nothing but a person: %v", err)
		}
		for _, to := range []desk.Recipient{{}, {Person: "U0NOBODY"}, {Person: "U0NOBODY", Channel: at.Channel}} {
			if err := say(to, "x"); !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("%+v is reached: %v", to, err)
			}
		}
	})
}

func TestDirectory(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		groups, err := r.bot.ReadGroups(t.Context())
		want := []desk.Group{{ID: "S1", Handle: "@support-agents", Members: []escalate.PersonID{"U1ANA"}}}
		if d := cmp.Diff(want, groups); d != "" || err != nil {
			t.Errorf("groups: %v (-want +got):\n%s", err, d)
		}
		for id, want := range map[escalate.PersonID]*desk.Person{
			"U1ANA": {ID: "U1ANA", Team: "T1", Name: "Ana Alvarez", Email: "ana@lumen.example", Zone: "Europe/Madrid"},
			"U2BEN": {ID: "U2BEN", Team: "T1", Name: "Ben Berg", Guest: true},
			"U3EVE": {ID: "U3EVE", Team: "T1", Gone: true},
			"U9BOT": {ID: "U9BOT", Team: "T1", Bot: true},
		} {
			got, err := r.bot.ReadPerson(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			ignore := []string{"ReadAt"}
			if want.Name == "" {
				ignore = append(ignore, "Name")
			}
			if want.Zone == "" {
				ignore = append(ignore, "Zone")
			}
			if d := cmp.Diff(want, got, cmpopts.IgnoreFields(desk.Person{}, ignore...)); d != "" || got.ReadAt.IsZero() {
				t.Errorf("%s (-want +got):\n%s", id, d)
			}
		}
		if _, err := r.bot.ReadPerson(t.Context(), "U0NOBODY"); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
	})
}

func TestClassify(t *testing.T) {
	secret := &url.Error{Op: "Post", URL: "https://hooks.slack.com/secret", Err: errors.New("connection reset")}
	for name, tc := range map[string]struct {
		err     error
		outcome string
	}{
		"nil":              {nil, "ok"},
		"refused":          {slack.SlackErrorResponse{Err: "invalid_blocks"}, "refused"},
		"internal error":   {slack.SlackErrorResponse{Err: "internal_error"}, "unknown"},
		"fatal error":      {slack.SlackErrorResponse{Err: "fatal_error"}, "unknown"},
		"rate limited":     {&slack.RateLimitedError{RetryAfter: time.Second}, "rate_limited"},
		"429 without time": {slack.StatusCodeError{Code: http.StatusTooManyRequests}, "rate_limited"},
		"ratelimited word": {slack.SlackErrorResponse{Err: "ratelimited"}, "rate_limited"},
		"403":              {slack.StatusCodeError{Code: 403, Status: "403 Forbidden"}, "refused"},
		"502":              {slack.StatusCodeError{Code: 502}, "unknown"},
		"timeout":          {context.DeadlineExceeded, "unknown"},
		"bad JSON":         {&json.SyntaxError{}, "unknown"},
		"network":          {secret, "unknown"},
	} {
		got := classify("post card", tc.err)
		if o := outcome(got); o != tc.outcome {
			t.Errorf("%s is %s (%v), want %s", name, o, got, tc.outcome)
		}
		if got != nil && strings.Contains(got.Error(), "secret") {
			t.Errorf("%s shows the response URL: %v", name, got)
		}
	}
}

// Slack posts into the channel what belongs to a thread whose card was deleted. The customer's words are taken back.
func TestPostThatLeftItsThreadIsTakenBack(t *testing.T) {
	var called []string
	h := &hang{answer: func(req *http.Request) (*http.Response, error) {
		called = append(called, req.URL.Path)
		body := `{"ok":true,"channel":"C1SUPPORT","ts":"1700000000.000200","message":{"type":"message","ts":"1700000000.000200"}}`
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
		}, nil
	}}
	b, err := New(Options{BotToken: testBot, AppToken: testApp, Desk: &fakeDesk{}, HTTPClient: &http.Client{Transport: h}})
	if err != nil {
		t.Fatal(err)
	}
	at := desk.Place{Channel: "C1SUPPORT", TS: "1700000000.000100"}
	err = b.PostThread(t.Context(), at, []desk.ThreadPost{{Key: "m1", Text: "private words"}}, false)
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("PostThread says %v", err)
	}
	if d := cmp.Diff([]string{"/api/chat.postMessage", "/api/chat.delete"}, called); d != "" {
		t.Errorf("calls (-want +got):\n%s", d)
	}
}
