package localslack_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"warmline/internal/localslack"
)

func TestAFileIsServedToThePageAndToWhoMayReadIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, mayUpload)
		id := r.upload()
		r.wantOK("files.completeUploadExternal", `files=[{"id":"`+id+`"}]`, "channel_id=C1")
		time.Sleep(time.Second)
		page := r.shownFiles()[0]["files"].([]any)[0].(m)["page_url"].(string)
		get := func(path, bearer string) (int, string) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if bearer != "" {
				req.Header.Set("Authorization", "Bearer "+bearer)
			}
			return r.fetch(req)
		}
		bare, _, _ := strings.Cut(page, "?")
		for path, want := range map[string]int{
			page: 200, bare: 404, page + "x": 404, strings.Replace(page, "curve", "other", 1): 404, strings.Replace(bare, id, "F000", 1): 404,
		} {
			if status, text := get(path, ""); status != want || want == 200 && text != string(picture(t)) {
				t.Errorf("%s answered %d, want %d", path, status, want)
			}
		}
		if status, _ := get(bare, botToken); status != http.StatusOK {
			t.Errorf("the app got %d", status)
		}
		if status, _ := get(bare, appToken); status != http.StatusNotFound {
			t.Errorf("another token got %d", status)
		}
		res, _ := r.do("GET", page, "", "")
		for header, want := range map[string]string{
			"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
			"Content-Security-Policy": "default-src 'none'; sandbox",
		} {
			if got := res.Header.Get(header); got != want {
				t.Errorf("%s is %q, want %q", header, got, want)
			}
		}
	})
}

// What calls itself a picture and is none must not be shown by a browser.
func TestAPageThatIsNamedLikeAPictureIsOnlySaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, mayUpload)
		body := []byte("<script>alert(1)</script>")
		address, id := r.ticket("curve.png", len(body))
		r.send(address, "image/png", body)
		r.wantOK("files.completeUploadExternal", `files=[{"id":"`+id+`"}]`, "channel_id=C1")
		time.Sleep(time.Second)
		file := r.shownFiles()[0]["files"].([]any)[0].(m)
		res, _ := r.do("GET", file["page_url"].(string), "", "")
		if res.Header.Get("Content-Disposition") != "attachment" || file["mimetype"] != "application/octet-stream" {
			t.Errorf("it is served as %v, and is said to be %v", res.Header, file["mimetype"])
		}
	})
}

func TestFilesSurviveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := func(o *localslack.Options) { o.Journal = filepath.Join(t.TempDir(), "journal.jsonl") }
		path := ""
		keep := func(o *localslack.Options) {
			if path == "" {
				at(o)
				path = o.Journal
			}
			o.Journal = path
		}
		r := newRig(t, mayUpload, keep)
		shown, waits := r.upload(), r.upload()
		r.wantOK("files.completeUploadExternal", `files=[{"id":"`+shown+`"}]`, "channel_id=C1", "initial_comment=first")
		time.Sleep(time.Second)
		r.wantOK("files.completeUploadExternal", `files=[{"id":"`+waits+`"}]`, "channel_id=C1", "initial_comment=second")
		before := r.shownFiles()
		if err := r.w.Close(); err != nil { // before Slack has looked at it
			t.Fatal(err)
		}
		again := newRig(t, mayUpload, keep)
		after := again.shownFiles()
		if len(before) != 1 || len(after) != 2 || after[1]["text"] != "second" {
			t.Fatalf("before the restart there are %v, after it %v", before, after)
		}
		if diff := cmp.Diff(before[0], after[0]); diff != "" {
			t.Errorf("the first changed (-before +after):\n%s", diff)
		}
		if n := len(newRig(t, mayUpload, keep).shownFiles()); n != 2 {
			t.Errorf("another restart shows %d", n)
		}
	})
}

func TestFilesHaveOnlySlacksKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, mayUpload)
		keys := sampleKeys(t)
		_, ticket := r.call("files.getUploadURLExternal", "filename=a.png", "length=5")
		if bad := unknownKeys(ticket, "", keys["files.getUploadURLExternal"]); len(bad) > 0 {
			t.Errorf("the ticket has keys that Slack's does not: %v", bad)
		}
		id := r.upload()
		parent := r.post(slack.MsgOptionText("x", false))
		_, done := r.call("files.completeUploadExternal", `files=[{"id":"`+id+`","title":`+url.QueryEscape(`"A curve"`)+`}]`, "channel_id=C1", "thread_ts="+parent)
		if bad := unknownKeys(done, "", keys["files.completeUploadExternal"]); len(bad) > 0 || done["files"].([]any)[0].(m)["title"] != "A curve" {
			t.Errorf("completion answers %v; unknown: %v", done, bad)
		}
		time.Sleep(time.Second)
		_, thread := r.call("conversations.replies", "channel=C1", "ts="+parent)
		files := thread["messages"].([]any)[1].(m)["files"]
		known := slices.Clone(keys["files.completeUploadExternal"])
		for i, k := range known {
			known[i] = strings.ReplaceAll(k, "C00000000", "C1")
		}
		if bad := unknownKeys(m{"files": files}, "", known); len(bad) > 0 {
			t.Errorf("a file has keys that Slack's does not: %v", bad)
		}
	})
}
