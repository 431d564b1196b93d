package localslack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
)

// mayUpload gives the app the scopes of files.
func mayUpload(o *localslack.Options) {
	o.Config.Apps[0].Scopes = append(slices.Clone(allScopes), "files:write", "files:read")
}

// picture is a small PNG.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 12, 7))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ticket asks for the address of an upload.
func (r *rig) ticket(name string, length int) (address, id string) {
	r.t.Helper()
	_, out := r.call("files.getUploadURLExternal", "filename="+name, "length="+strconv.Itoa(length), "alt_txt=A+curve")
	address, _ = out["upload_url"].(string)
	id, _ = out["file_id"].(string)
	if !strings.HasPrefix(address, base+"/_upload/") || !strings.HasPrefix(id, "F") {
		r.t.Fatalf("upload address: %v", out)
	}
	return address, id
}

// send posts bytes to an upload's address.
func (r *rig) send(address, kind string, body []byte) (status int, text string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	return r.fetch(req)
}

func (r *rig) fetch(req *http.Request) (status int, text string) {
	r.t.Helper()
	res, err := r.http.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(data)
}

// upload brings a picture up to its completion.
func (r *rig) upload() (id string) {
	r.t.Helper()
	body := picture(r.t)
	address, id := r.ticket("curve.png", len(body))
	if status, text := r.send(address, "application/octet-stream", body); status != http.StatusOK || text != fmt.Sprintf("OK - %d", len(body)) {
		r.t.Fatalf("upload answered %d %q", status, text)
	}
	return id
}

// shownFiles are the messages of channel C1 that carry files.
func (r *rig) shownFiles() (all []m) {
	r.t.Helper()
	for _, v := range r.control("messages?channel=C1", nil)["messages"].([]any) {
		if msg := v.(m); msg["files"] != nil {
			all = append(all, msg)
		}
	}
	return all
}

func TestSlacksClientUploadsAPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, mayUpload)
		var shared []string
		r.app(func(e socketmode.Event) (any, bool) {
			var p struct {
				Event struct{ Type, Subtype string }
			}
			_ = json.Unmarshal(e.Request.Payload, &p)
			shared = append(shared, strings.TrimSuffix(p.Event.Type+" "+p.Event.Subtype, " "))
			return nil, true
		})
		body := picture(t)
		f, err := r.api.UploadFile(slack.UploadFileParameters{
			Reader: bytes.NewReader(body), FileSize: len(body), Filename: "curve.png", Title: "The curve", AltTxt: "It falls.",
			Channel: "C1", InitialComment: "As asked",
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(r.shownFiles()); n != 0 {
			t.Errorf("%d messages with a file are there before Slack has looked at it", n)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		h, err := r.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C1"})
		if err != nil || len(h.Messages) != 1 || len(h.Messages[0].Files) != 1 {
			t.Fatalf("history: %+v, %v", h, err)
		}
		got := h.Messages[0].Files[0]
		if got.ID != f.ID || got.Mimetype != "image/png" || got.OriginalW != 12 || got.AltTxt != "It falls." || got.Title != "The curve" || h.Messages[0].Text != "As asked" {
			t.Errorf("file %+v in %q", got, h.Messages[0].Text)
		}
		if want := []string{"message file_share", "file_shared"}; !slices.Equal(shared, want) {
			t.Errorf("the app was told of %q, want %q", shared, want)
		}
		var back bytes.Buffer
		if err := r.api.GetFile(got.URLPrivate, &back); err != nil || !bytes.Equal(back.Bytes(), body) {
			t.Errorf("read back %d bytes, %v", back.Len(), err)
		}
		info, _, _, err := r.api.GetFileInfo(f.ID, 1, 1)
		if err != nil || len(info.Channels) != 1 || info.Shares.Public["C1"][0].Ts != h.Messages[0].Timestamp {
			t.Errorf("files.info: %+v, %v", info, err)
		}
	})
}

func TestBytesComeRawOrInAForm(t *testing.T) {
	r := newRig(t, mayUpload)
	r.upload() // raw
	var form bytes.Buffer
	mw := multipart.NewWriter(&form)
	if err := mw.WriteField("filename", "curve.png"); err != nil {
		t.Fatal(err)
	}
	part, err := mw.CreateFormFile("file", "curve.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(picture(t)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // Slack's Go client ends its forms twice
		if err := mw.Close(); err != nil {
			break
		}
	}
	address, id := r.ticket("curve.png", len(picture(t)))
	if status, text := r.send(address, mw.FormDataContentType(), form.Bytes()); status != http.StatusOK {
		t.Errorf("a form answered %d %s", status, text)
	}
	if status, _ := r.send(address, "image/png", picture(t)); status != http.StatusNotFound {
		t.Errorf("a spent address answered %d", status)
	}
	r.wantOK("files.completeUploadExternal", `files=[{"id":"`+id+`"}]`)
}

func TestUploadsAreRefusedAsSlackDoes(t *testing.T) {
	r := newRig(t, mayUpload)
	id := r.upload()
	address, pending := r.ticket("late.png", 3)
	done := r.upload()
	r.wantOK("files.completeUploadExternal", `files=[{"id":"`+done+`"}]`)
	one := func(id string) string { return `files=[{"id":"` + id + `"}]` }
	reply := r.post(slack.MsgOptionText("x", false), slack.MsgOptionTS(r.post(slack.MsgOptionText("x", false))))
	many := "channels=" + strings.Repeat("C1,", 100) + "C1"
	for _, c := range []struct {
		code, method string
		form         []string
	}{
		{"missing_argument", "files.getUploadURLExternal", []string{"filename=a.png", "length=0"}},
		{"invalid_arguments", "files.getUploadURLExternal", []string{"filename=a.png", "length=-1"}},
		{"invalid_arguments", "files.getUploadURLExternal", []string{"filename=a.png", "length=much"}},
		{"invalid_arguments", "files.getUploadURLExternal", []string{"length=5"}},
		{"invalid_arguments", "files.getUploadURLExternal", []string{"filename=../a.png", "length=5"}},
		{"alt_txt_too_large", "files.getUploadURLExternal", []string{"filename=a.png", "length=5", "alt_txt=" + strings.Repeat("ä", 1001)}},
		{"file_upload_size_restricted", "files.getUploadURLExternal", []string{"filename=a.png", "length=5000000"}},
		{"unknown_snippet_type", "files.getUploadURLExternal", []string{"filename=a.png", "length=5", "snippet_type=klingon"}},
		{"invalid_arguments", "files.completeUploadExternal", []string{"files=[]"}},
		{"invalid_arguments", "files.completeUploadExternal", []string{"files=nonsense"}},
		{"file_not_found", "files.completeUploadExternal", []string{one("F000")}},
		{"file_not_found", "files.completeUploadExternal", []string{one(pending)}},
		{"file_not_found", "files.completeUploadExternal", []string{one(done)}},
		{"channel_not_found", "files.completeUploadExternal", []string{one(id), "channel_id=support"}},
		{"channel_not_found", "files.completeUploadExternal", []string{one(id), "channel_id=U1"}},
		{"channel_not_found", "files.completeUploadExternal", []string{one(id), "channel_id=C3"}},
		{"not_in_channel", "files.completeUploadExternal", []string{one(id), "channel_id=C2"}},
		{"invalid_channel", "files.completeUploadExternal", []string{one(id), "channels=C1,nope"}},
		{"channels_limit_exceeded", "files.completeUploadExternal", []string{one(id), many}},
		{"invalid_arguments", "files.completeUploadExternal", []string{one(id), "channel_id=C1", "thread_ts=" + reply}},
		{"invalid_blocks", "files.completeUploadExternal", []string{one(id), "channel_id=C1", `blocks=[{"type":"nothing"}]`}},
		{"file_not_found", "files.info", []string{"file=" + id}},
	} {
		r.wantError(c.code, c.method, c.form...)
	}
	if status, text := r.send(address, "image/png", []byte("four")); status != http.StatusBadRequest || !strings.Contains(text, "4 bytes came, 3") {
		t.Errorf("bytes of another length answered %d %q", status, text)
	}
	if status, _ := r.send(address, "image/png", make([]byte, 5<<20)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("too many bytes answered %d", status)
	}
	if status, _ := r.send(base+"/_upload/NOTICKET", "image/png", []byte("abc")); status != http.StatusNotFound {
		t.Errorf("no ticket answered %d", status)
	}
	r.wantOK("files.completeUploadExternal", one(id), "channels=C1,U2", "initial_comment=hello", `blocks=[{"type":"nothing"}]`) // ignored
}

func TestWithoutTheScopeNothingIsUploaded(t *testing.T) {
	r := newRig(t)
	out := r.wantError("missing_scope", "files.getUploadURLExternal", "filename=a.png", "length=5")
	if out["needed"] != "files:write" || out["provided"] == "" {
		t.Errorf("the refusal says %v", out)
	}
	r.wantError("missing_scope", "files.info", "file=F1")
}

func TestStorageIsBounded(t *testing.T) {
	r := newRig(t, mayUpload)
	const each = 4 << 20
	body := make([]byte, each)
	for range 16 {
		address, _ := r.ticket("a.bin", each)
		if status, text := r.send(address, "application/octet-stream", body); status != http.StatusOK {
			t.Fatalf("upload answered %d %s", status, text)
		}
	}
	r.wantError("storage_limit_reached", "files.getUploadURLExternal", "filename=a.png", "length=1")
}

func TestFaultsStrikeTheSendingOfBytes(t *testing.T) {
	r := newRig(t, mayUpload)
	r.must("fault", m{"method": "upload", "status": 503, "times": 1})
	body := picture(t)
	address, id := r.ticket("curve.png", len(body))
	if status, _ := r.send(address, "image/png", body); status != http.StatusServiceUnavailable {
		t.Errorf("answered %d", status)
	}
	r.wantError("file_not_found", "files.completeUploadExternal", `files=[{"id":"`+id+`"}]`)
	if status, _ := r.send(address, "image/png", body); status != http.StatusOK {
		t.Errorf("once more answered %d", status)
	}
	r.wantOK("files.completeUploadExternal", `files=[{"id":"`+id+`"}]`)
}
