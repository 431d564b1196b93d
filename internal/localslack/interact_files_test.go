package localslack_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/slack-go/slack"

	"warmline/internal/localslack"
)

// fileModal takes at most two pictures.
func fileModal() slack.ModalViewRequest {
	view := modal("Edit", "reply", false)
	view.Blocks.BlockSet = append(view.Blocks.BlockSet, slack.NewInputBlock("b-files", slack.NewTextBlockObject("plain_text", "Files", false, false), nil,
		slack.NewFileInputBlockElement("files").WithFileTypes("png").WithMaxFiles(2)).WithOptional(true))
	return view
}

// asksForFiles opens a modal for ana that takes files, and returns what the app gets of its submission.
func (r *rig) asksForFiles() *slack.InteractionCallback {
	r.t.Helper()
	var got slack.InteractionCallback
	r.interactions(func(cb slack.InteractionCallback) any {
		if cb.Type != slack.InteractionTypeBlockActions {
			got = cb
		} else if _, err := r.api.OpenView(cb.TriggerID, fileModal()); err != nil {
			r.t.Error(err)
		}
		return nil
	})
	ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
	r.must("click", m{"channel": "C1", "ts": ts, "action_id": "claim", "user": "ana"})
	return &got
}

// pick uploads a file into ana's modal.
func (r *rig) pick(name string) string {
	r.t.Helper()
	data := base64.StdEncoding.EncodeToString(picture(r.t))
	return str(r.must("upload", m{"view_id": r.topView(), "name": name, "data": data, "user": "ana"})["file"])
}

// download fetches a file with a token and returns status and bytes.
func (r *rig) download(address, token string) (int, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	return r.fetch(req)
}

func TestFilesPickedInAModalReachItsAppAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, mayUpload, func(o *localslack.Options) {
			other := localslack.App{ID: "A2", Name: "Other", BotToken: "xoxb-other", AppToken: "xapp-other", BotUser: "other", Scopes: o.Config.Apps[0].Scopes}
			o.Config.Apps = append(o.Config.Apps, other)
		})
		got := r.asksForFiles()
		id := r.pick("lamp.png")
		if _, _, _, err := r.api.GetFileInfo(id, 0, 0); slackError(err) != "file_not_found" {
			t.Errorf("before it is submitted the app is told %v", err)
		}
		r.must("submit", m{"view_id": r.topView(), "values": m{"reply": "See this.", "files": []string{id}}, "user": "ana"})
		files := got.View.State.Values["b-files"]["files"].Files
		if len(files) != 1 || files[0].ID != id || files[0].Name != "lamp.png" || files[0].Mimetype != "image/png" || files[0].Size != len(picture(t)) {
			t.Fatalf("the app got %+v", files)
		}
		info, _, _, err := r.api.GetFileInfo(id, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		if status, body := r.download(info.URLPrivateDownload, botToken); status != http.StatusOK || body != string(picture(t)) {
			t.Errorf("the app's download answers %d", status)
		}
		if status, _ := r.download(info.URLPrivateDownload, "xoxb-other"); status != http.StatusNotFound {
			t.Errorf("another app's download answers %d", status)
		}
		r.must("unshare", m{"file": id, "user": "ana"})
		if _, _, _, err := r.api.GetFileInfo(id, 0, 0); slackError(err) != "file_deleted" {
			t.Errorf("once deleted the app is told %v", err)
		}
		if status, _ := r.download(info.URLPrivateDownload, botToken); status != http.StatusNotFound {
			t.Errorf("once deleted its download answers %d", status)
		}
	})
}

func TestAFileInputTakesWhatItAskedForOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, mayUpload)
		got := r.asksForFiles()
		one, two, three, text := r.pick("1.png"), r.pick("2.png"), r.pick("3.png"), r.pick("notes.txt")
		for why, files := range map[string][]string{
			"at most 2": {one, two, three}, "of a type": {text}, "picked no file": {"F404"},
		} {
			out := r.control("submit", m{"view_id": r.topView(), "values": m{"reply": "x", "files": files}, "user": "ana"})
			if out["ok"] != false || !strings.Contains(str(out["error"]), why) {
				t.Errorf("%v: %v, want a refusal with %q", files, out, why)
			}
		}
		if out := r.control("upload", m{"view_id": r.topView(), "name": "a.png", "data": "eA==", "user": "ben"}); out["ok"] != false {
			t.Errorf("somebody else's modal took a file: %v", out)
		}
		r.must("submit", m{"view_id": r.topView(), "values": m{"reply": "x"}, "user": "ana"})
		if files := got.View.State.Values["b-files"]["files"].Files; len(files) != 0 {
			t.Errorf("nothing was picked, and the app got %v", files)
		}
	})
}

func TestAFileInputNeedsTheScope(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		triggers := make(chan string, 2)
		r.interactions(func(cb slack.InteractionCallback) any { triggers <- cb.TriggerID; return nil })
		ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
		if _, err := r.api.OpenView(r.trigger(triggers, ts), fileModal()); slackError(err) != "invalid_arguments" {
			t.Errorf("without files:read: %v", err)
		}
	})
	for _, most := range []int{0, 11} {
		view := `{"type":"modal","title":{"type":"plain_text","text":"x"},"submit":{"type":"plain_text","text":"x"},"blocks":[{"type":"input",
			"label":{"type":"plain_text","text":"x"},"element":{"type":"file_input","max_files":` + string(rune('0'+most%10)) + strings.Repeat("1", most/10) + `}}]}`
		if faults := localslack.CheckView([]byte(view)); len(faults) != 1 || !strings.Contains(faults[0].Pointer, "max_files") {
			t.Errorf("max_files %d: %v", most, faults)
		}
	}
}
