package localslack_test

import (
	"encoding/base64"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

func TestPeopleShareFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, mayUpload)
		heard := r.listen(func(e map[string]any) string { return str(e["type"]) + " " + str(e["subtype"]) + str(e["file_id"]) })
		card := r.must("message", m{"channel": "support", "text": "see this", "user": "ben"})["ts"]
		heard()
		in := m{"channel": "support", "thread_ts": card, "name": "curve.png", "data": base64.StdEncoding.EncodeToString(picture(t)), "text": "for @ben", "user": "ana"}
		id := str(r.must("upload", in)["file"])
		if got := heard(); len(got) != 2 || got[0] != "message file_share" || got[1] != "file_shared "+id {
			t.Errorf("the app heard %q", got)
		}
		file, _, _, err := r.api.GetFileInfo(id, 0, 0)
		if err != nil || file.User != "U1" || file.Mimetype != "image/png" || file.OriginalW != 12 {
			t.Fatalf("files.info: %+v, %v", file, err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, file.URLPrivate, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+botToken)
		if status, body := r.fetch(req); status != http.StatusOK || body != string(picture(t)) {
			t.Errorf("the app's download answers %d", status)
		}
		shown := r.control("messages?channel=support", nil)["messages"].([]any)[1].(m)
		if shown["text"] != "for <@U2>" || shown["thread_ts"] != card || shown["user"] != "U1" || shown["bot_id"] != nil {
			t.Errorf("the message is %v", shown)
		}
		for field, bad := range map[string]any{"name": "../x", "data": "", "user": "gone", "channel": "secret", "thread_ts": "1.000001"} {
			wrong := m{}
			maps.Copy(wrong, in)
			wrong[field] = bad
			if out := r.control("upload", wrong); out["ok"] != false {
				t.Errorf("%s %q: %v, want a refusal", field, bad, out)
			}
		}
		in["data"] = base64.StdEncoding.EncodeToString([]byte(strings.Repeat("a", 2<<20+1)))
		if out := r.control("upload", in); out["ok"] != false {
			t.Errorf("more than 2 MB: %v", out)
		}
	})
}
