package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate/desk"
)

// curve is a picture as the desk has it brought.
func curve(t *testing.T) desk.Picture {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 20))); err != nil {
		t.Fatal(err)
	}
	return desk.Picture{Name: "curve.png", Title: "The curve", Alt: strings.Repeat("long ", 400), Words: "See <here>", Data: b.Bytes()}
}

// shared is the same once it is uploaded.
func shared(t *testing.T, id string) []desk.Picture {
	t.Helper()
	p := curve(t)
	p.ID, p.Data = id, nil
	return []desk.Picture{p}
}

// shownTo lists the messages with files in a conversation.
func (r *rig) shownTo(conversation string) (all []map[string]any) {
	r.t.Helper()
	res, err := r.http.Get(base + "/_control/messages?" + url.Values{"channel": {conversation}}.Encode())
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out struct{ Messages []map[string]any }
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		r.t.Fatal(err)
	}
	for _, m := range out.Messages {
		if m["files"] != nil {
			all = append(all, m)
		}
	}
	return all
}

// told delivers a message to ana, whose place the picture goes to.
func (r *rig) told() desk.Place {
	r.t.Helper()
	at, err := r.bot.Deliver(r.t.Context(), "U1ANA", "sim-1", desk.Answer{
		Text: "A report", Lines: []desk.Line{{Head: "Report", Text: "of today"}}, Actions: []desk.Action{desk.ActApply}, Token: "01TOKEN",
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return at
}

func TestAMessageAndItsPictureReachOnePersonAlone(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		at := r.told()
		if !strings.HasPrefix(at.Channel, "D") {
			t.Fatalf("it stands in %s", at.Channel)
		}
		r.Channel(at.Channel).ExpectCard("of today").ExpectButton("Apply")
		id, err := r.bot.Upload(t.Context(), curve(t))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if n := len(r.shownTo(at.Channel)); n != 0 {
			t.Errorf("%d files are shown before anybody shared one", n)
		}
		if err := r.bot.Share(t.Context(), desk.Place{Channel: at.Channel}, shared(t, id), false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		shown := r.shownTo(at.Channel)
		if len(shown) != 1 || shown[0]["text"] != "See &lt;here&gt;" {
			t.Fatalf("shown is %v", shown)
		}
		file := shown[0]["files"].([]any)[0].(map[string]any)
		if alt := file["alt_txt"].(string); file["mimetype"] != "image/png" || file["title"] != "The curve" || len([]rune(alt)) > 1000 || !strings.HasPrefix(alt, "long ") {
			t.Errorf("the file is %v", file)
		}
		r.Channel("support").ExpectNone("of today")
	})
}

// A picture whose sharing had a lost answer is shown once, whether the call was applied or not.
func TestAPictureWithALostAnswerIsShownOnce(t *testing.T) {
	for name, applied := range map[string]bool{"applied": true, "not applied": false} {
		t.Run(name, func(t *testing.T) {
			inSlack(t, func(t *testing.T, r *rig) {
				at := r.told()
				id, err := r.bot.Upload(t.Context(), curve(t))
				if err != nil {
					t.Fatal(err)
				}
				r.fail(map[string]any{"method": "files.completeUploadExternal", "status": 500, "after_apply": applied, "times": 1})
				var refused *desk.Refused
				if err := r.bot.Share(t.Context(), desk.Place{Channel: at.Channel}, shared(t, id), false); err == nil || errors.As(err, &refused) {
					t.Fatalf("a lost answer counts as %v", err)
				}
				if err := r.bot.Share(t.Context(), desk.Place{Channel: at.Channel}, shared(t, id), true); err != nil {
					t.Fatalf("again: %v", err)
				}
				time.Sleep(time.Second)
				if n := len(r.shownTo(at.Channel)); n != 1 {
					t.Errorf("it is shown %d times", n)
				}
				if err := r.bot.Share(t.Context(), desk.Place{Channel: at.Channel}, shared(t, id), false); !refusedWith(err, "file_not_found") {
					t.Errorf("sharing it once more, for no reason: %v", err)
				}
			})
		})
	}
}

func TestRefusalsOfAPictureSayWhatToDo(t *testing.T) {
	for word, hint := range map[string]string{
		"file_uploads_disabled": "an administrator", "storage_limit_reached": "delete files", "file_type_not_allowed": "allows no pictures",
	} {
		inSlack(t, func(t *testing.T, r *rig) {
			r.fail(map[string]any{"method": "files.getUploadURLExternal", "error": word, "times": 1})
			_, err := r.bot.Upload(t.Context(), curve(t))
			if !refusedWith(err, word) || !strings.Contains(err.Error(), hint) {
				t.Errorf("%s: %v", word, err)
			}
		})
	}
	inSlack(t, func(t *testing.T, r *rig) {
		var refused *desk.Refused
		r.fail(map[string]any{"method": "files.getUploadURLExternal", "status": 429, "retry_after": 7, "times": 1})
		if _, err := r.bot.Upload(t.Context(), curve(t)); !errors.As(err, &refused) || refused.RetryAfter != 7*time.Second {
			t.Errorf("too fast: %v", err)
		}
		r.fail(map[string]any{"method": "upload", "status": 503, "times": 1})
		refused = nil
		if _, err := r.bot.Upload(t.Context(), curve(t)); err == nil || errors.As(err, &refused) {
			t.Errorf("bytes that were lost: %v", err)
		}
		r.fail(map[string]any{"method": "upload", "status": 403, "times": 1})
		if _, err := r.bot.Upload(t.Context(), curve(t)); !errors.As(err, &refused) {
			t.Errorf("bytes that were refused: %v", err)
		}
	})
}

func TestWithoutTheScopeAPictureIsRefusedWithAHint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := workspaceConfig()
		c.Apps[0].Scopes = slices.DeleteFunc(slices.Clone(c.Apps[0].Scopes), func(s string) bool { return s == "files:write" })
		r := newRig(t, c)
		_, err := r.bot.Upload(t.Context(), curve(t))
		if !refusedWith(err, "missing_scope") || !strings.Contains(err.Error(), "needed scope: files:write; update the app from manifest.yml") {
			t.Errorf("the refusal is %v", err)
		}
	})
}

func TestWhoCannotBeWrittenToIsNotFound(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		for _, word := range []string{"messages_tab_disabled", "user_disabled", "channel_not_found"} {
			r.fail(map[string]any{"method": "chat.postMessage", "error": word, "times": 1})
			if _, err := r.bot.Deliver(t.Context(), "U1ANA", "k", desk.Answer{Text: "x"}); !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("%s: %v", word, err)
			}
		}
		if _, err := r.bot.Deliver(t.Context(), "", "k", desk.Answer{Text: "x"}); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
	})
}

// Bytes go to Slack alone, and the token not even there.
func TestBytesGoOnlyWhereSlackIs(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		for _, address := range []string{"http://evil.example/upload", "https://slack.com.evil.example/u", "ftp://files.slack.com/u", "://", ""} {
			if r.bot.slackAddress(address) {
				t.Errorf("%q counts as Slack's", address)
			}
		}
		if !r.bot.slackAddress("https://files.slack.com/upload/v1/ABC") {
			t.Error("Slack's own address does not count")
		}
	})
}
