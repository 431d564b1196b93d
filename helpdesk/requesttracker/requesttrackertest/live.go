package requesttrackertest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// Live is a real RT that .ci/peers-rt has set up: ours, to fill with tickets. Customers write through its mail gateway, and Ana works in
// it.
type Live struct {
	URL        string
	Token, Ana string // the bot's, and hers
	Mail       string // folder of the mails that it sent
	Hook       string // host and port where its webhooks go
	HookSecret string
}

// NeedLive returns the real RT, or skips the test where there is none.
func NeedLive(tb testing.TB) Live {
	tb.Helper()
	l := Live{
		URL: os.Getenv("WARMLINE_RT_URL"), Token: os.Getenv("WARMLINE_RT_TOKEN"), Ana: os.Getenv("WARMLINE_RT_ANA"),
		Mail: os.Getenv("WARMLINE_RT_MAIL"), Hook: os.Getenv("WARMLINE_RT_HOOK"), HookSecret: os.Getenv("WARMLINE_RT_HOOK_SECRET"),
	}
	if l.URL == "" {
		tb.Skip("SKIPPED: no real Request Tracker here; make peers-rt sets one up and runs this")
	}
	return l
}

// Account has the settings with which the RT of .ci/peers-rt is connected.
func (l Live) Account(at string) helpdesk.Account {
	return helpdesk.Account{Name: "shop", Settings: map[string]string{
		"url": at, "token": l.Token, "queue": "General", "tags_field": "Tags", "value_field": "Order value", "stamps": "yes", "articles": "FAQ", "macros": "Replies",
	}}
}

// Answered is what RT said.
type Answered struct {
	Header http.Header
	Body   []byte
}

// Call makes a call as somebody.
func (l Live) Call(tb testing.TB, token, method, path string, body any) Answered {
	tb.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		tb.Fatal(err)
	}
	req, err := http.NewRequestWithContext(tb.Context(), method, l.URL+"/REST/2.0"+path, bytes.NewReader(raw))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Authorization", "token "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil || res.StatusCode/100 != 2 {
		tb.Fatalf("%s %s: %s, %s, %v", method, path, res.Status, said, err)
	}
	return Answered{res.Header, said}
}

// Mails brings a mail to RT, about a ticket, or about none yet, and returns the ticket's number.
func (l Live) Mails(tb testing.TB, ticket string, mail []byte) string {
	tb.Helper()
	if ticket != "" {
		mail = bytes.Replace(mail, []byte("Subject: "), []byte("Subject: [shop.example #"+ticket+"] "), 1)
	}
	form := url.Values{"queue": {"General"}, "action": {"correspond"}, "message": {string(mail)}}
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, l.URL+"/REST/1.0/NoAuth/mail-gateway", strings.NewReader(form.Encode()))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil || !strings.HasPrefix(string(said), "ok") {
		tb.Fatalf("mail gateway: %s, %s, %v", res.Status, said, err)
	}
	if ticket != "" {
		return ticket
	}
	var newest struct {
		Items []struct{ ID string } `json:"items"`
	}
	q := url.Values{"query": {"id > 0"}, "orderby": {"id"}, "order": {"DESC"}, "per_page": {"1"}}
	if err := json.Unmarshal(l.Call(tb, l.Ana, http.MethodGet, "/tickets?"+q.Encode(), nil).Body, &newest); err != nil || len(newest.Items) == 0 {
		tb.Fatalf("no ticket: %v", err)
	}
	return newest.Items[0].ID
}

var mailNumber atomic.Int64

// MailOf is a mail as mail programs write it: HTML and plain text, and files.
func MailOf(name, from, subject, text string, files []desk.Upload) []byte {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part := func(kind, disposition string, content []byte) {
		p, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Type": {kind}, "Content-Disposition": {disposition}, "Content-Transfer-Encoding": {"base64"},
		})
		if err == nil {
			_, err = io.WriteString(p, base64.StdEncoding.EncodeToString(content))
		}
		if err != nil {
			panic(err) // into memory
		}
	}
	part("text/html; charset=utf-8", "inline", []byte(richtext.HTML(text)))
	for _, f := range files {
		part(f.Type, mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}), f.Body)
	}
	_ = w.Close() // into memory
	return fmt.Appendf(nil, "From: \"%s\" <%s>\r\nTo: support@shop.example\r\nSubject: %s\r\nMessage-ID: <%d.%d@customer.example>\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=%s\r\n\r\n%s", name, from, subject, time.Now().UnixNano(), mailNumber.Add(1), w.Boundary(), body.Bytes())
}

// listedPart is an attachment as RT lists it.
type listedPart struct {
	ID            string `json:"id"`
	TransactionID string `json:"TransactionId"`
	ContentType   string `json:"ContentType"`
	Filename      string `json:"Filename"`
	Content       string `json:"Content"`
}

func (l Live) parts(tb testing.TB, ticket, fields, query string) []listedPart {
	tb.Helper()
	q := url.Values{"per_page": {"100"}, "fields": {fields}, "query": {query}}
	var list struct {
		Items []listedPart `json:"items"`
	}
	said := l.Call(tb, l.Ana, http.MethodGet, "/ticket/"+ticket+"/attachments?"+q.Encode(), nil)
	if err := json.Unmarshal(said.Body, &list); err != nil {
		tb.Fatal(err)
	}
	return list.Items
}

// Saying are the transactions of a ticket whose text is one and no other.
func (l Live) Saying(tb testing.TB, ticket, text string) (transactions []string) {
	tb.Helper()
	for _, p := range l.parts(tb, ticket, "TransactionId,Content", `[{"field":"ContentType","value":"text/html"}]`) {
		if richtext.Text(p.Content) == text {
			transactions = append(transactions, p.TransactionID)
		}
	}
	return transactions
}

// FilesOf are the files of the messages with a text.
func (l Live) FilesOf(tb testing.TB, ticket, text string) (all []desk.Upload) {
	tb.Helper()
	for _, transaction := range l.Saying(tb, ticket, text) {
		for _, p := range l.parts(tb, ticket, "TransactionId,ContentType,Filename", `[{"field":"Filename","operator":"IS NOT","value":"NULL"}]`) {
			if p.TransactionID != transaction {
				continue
			}
			var file struct{ Content string }
			said := l.Call(tb, l.Ana, http.MethodGet, "/attachment/"+p.ID, nil)
			if err := json.Unmarshal(said.Body, &file); err != nil {
				tb.Fatal(err)
			}
			body, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(file.Content, "\n", ""))
			if err != nil {
				tb.Fatal(err)
			}
			all = append(all, desk.Upload{Name: p.Filename, Type: p.ContentType, Body: body})
		}
	}
	return all
}

// Opens has Ana open a ticket in a queue.
func (l Live) Opens(tb testing.TB, queue string) (number string) {
	tb.Helper()
	said := l.Call(tb, l.Ana, http.MethodPost, "/ticket", map[string]any{
		"Queue": queue, "Subject": "Of " + queue, "Requestor": "ina@customer.example", "Content": "It does not charge.", "ContentType": "text/plain",
	})
	var made struct{ ID string }
	if err := json.Unmarshal(said.Body, &made); err != nil || made.ID == "" {
		tb.Fatalf("open a ticket: %s, %v", said.Body, err)
	}
	return made.ID
}

// Waits lets real time pass, as nothing else makes RT get older.
func (l Live) Waits(tb testing.TB, d time.Duration) {
	tb.Helper()
	select {
	case <-time.After(d):
	case <-tb.Context().Done():
	}
}
