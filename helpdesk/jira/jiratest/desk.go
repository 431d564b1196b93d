package jiratest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/richtext"
)

// upload is a file that was put down and belongs to no request yet.
type upload struct {
	desk string
	desk.Upload
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// refuse answers as service management does, which is not as the platform does.
func refuse(w http.ResponseWriter, status int, says string) {
	answer(w, status, object{"errorMessage": says, "i18nErrorMessage": object{"i18nKey": "sd.error", "parameters": []string{}}})
}

// pageOf is a page of a list as service management has them.
func pageOf[T any](r *http.Request, all []T, shape func(T) object) object {
	start, most := number(r, "start", 0, 1<<30), number(r, "limit", 50, 100)
	values := []object{}
	for _, one := range window(all, start, most) {
		values = append(values, shape(one))
	}
	return object{
		"_expands": []string{}, "size": len(values), "start": start, "limit": most, "isLastPage": start+most >= len(all),
		"_links": object{"base": "https://shop.atlassian.net/rest/servicedeskapi", "context": "", "self": ""}, "values": values,
	}
}

func (f *Fake) desks(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, pageOf(r, []string{"HR", Project, Other}, func(key string) object {
		return object{"id": map[string]string{Project: deskID, Other: "5"}[key], "projectId": "10004", "projectName": key, "projectKey": key, "_links": object{}}
	}))
}

func (f *Fake) getRequest(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	if t.Extra["no request"] != nil {
		refuse(w, http.StatusNotFound, "The request you requested doesn't exist.")
		return
	}
	q := object{
		"_expands": []string{"participant", "status", "sla", "requestType", "serviceDesk"}, "issueId": t.ID, "issueKey": Key(t), "requestTypeId": "25", "serviceDeskId": deskID,
		"createdDate": f.moment(t.Created), "reporter": f.customer(t.Customer), "requestFieldValues": []object{}, "summary": t.Subject,
		"currentStatus": object{"status": t.Status, "statusCategory": "INDETERMINATE", "statusDate": f.moment(t.Updated)}, "_links": object{},
	}
	expand := split(r.URL.Query()["expand"])
	if slices.Contains(expand, "requestType") {
		q["requestType"] = object{"id": "25", "name": "Get help", "description": "", "helpText": nil, "issueTypeId": "10011", "serviceDeskId": deskID, "groupIds": []string{}}
	}
	if slices.Contains(expand, "participant") {
		all, _ := t.Extra["participants"].([]object)
		q["participants"] = object{"size": len(all), "start": 0, "limit": 50, "isLastPage": true, "values": all}
	}
	answer(w, http.StatusOK, q)
}

func (f *Fake) getSLAs(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	if f.Lacks["SERVICEDESK_AGENT"] {
		refuse(w, http.StatusForbidden, "You do not have permission to see the SLAs.")
		return
	}
	type named struct {
		name string
		at   time.Time
	}
	all := []named{
		{"Time to first response", t.Due.FirstResponse},
		{"Time to next response", t.Due.NextResponse},
		{"Time to resolution", t.Due.Resolution},
		{"Time to close after resolution", t.Created.Add(time.Hour)},
	}
	paused := t.Extra["paused"] != nil
	answer(w, http.StatusOK, pageOf(r, all, func(s named) object {
		o := object{"id": "10030", "name": s.name, "_links": object{}, "completedCycles": []object{}, "ongoingCycle": nil, "slaDisplayFormat": "NEW_SLA_FORMAT"}
		if !s.at.IsZero() {
			o["ongoingCycle"] = object{
				"startTime": f.moment(t.Created), "breachTime": f.moment(s.at), "breached": s.at.Before(f.now()), "paused": paused, "withinCalendarHours": true,
				"goalDuration": object{"millis": 14400000, "friendly": "4h"}, "elapsedTime": nil, "remainingTime": nil,
			}
		}
		return o
	}))
}

func (f *Fake) getRequestComments(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	files := slices.Contains(split(r.URL.Query()["expand"]), "attachment")
	answer(w, http.StatusOK, pageOf(r, comments(t), func(m helpdesktest.Message) object { return f.requestComment(t, &m, files) }))
}

func (f *Fake) requestComment(t *helpdesktest.Ticket, m *helpdesktest.Message, files bool) object {
	text, _ := richtext.TextOfADF([]byte(m.Body)) // checked when it came
	o := object{
		"_expands": []string{"attachment", "renderedBody"}, "id": m.ID, "body": text, "public": m.Public, "author": f.author(t, m), "created": f.moment(m.At), "_links": object{},
	}
	if files {
		values := []object{}
		for i, id := range fileIDs(m) {
			values = append(values, object{
				"filename": m.Files[i].Name, "author": f.author(t, m), "created": f.moment(m.At), "size": len(m.Files[i].Body), "mimeType": m.Files[i].Type,
				"_links": object{
					"jiraRest": "https://shop.atlassian.net/rest/api/2/attachment/" + id,
					"content":  "https://shop.atlassian.net/servicedesk/customershim/secure/attachment/" + id + "/" + m.Files[i].Name,
				},
			})
		}
		o["attachments"] = object{"size": len(values), "start": 0, "limit": 50, "isLastPage": true, "values": values, "_expands": []string{}}
	}
	return o
}

// addRequestComment is service management's: who may see it must be said, and its text is wiki markup.
func (f *Fake) addRequestComment(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	var n struct {
		Body   string `json:"body"`
		Public *bool  `json:"public"`
	}
	if !decode(w, r, &n) {
		return
	}
	if n.Public == nil || n.Body == "" || len([]rune(n.Body)) > longestComment {
		refuse(w, http.StatusBadRequest, "The body must be 1 to 32767 characters, and public must be set.")
		return
	}
	kept, _ := f.keep(t, n.Body, *n.Public, nil)
	answer(w, http.StatusCreated, f.requestComment(t, &kept, false))
}

// keep adds a comment in wiki markup. What hangs at it is named behind its text.
func (f *Fake) keep(t *helpdesktest.Ticket, wiki string, public bool, files []desk.Upload) (helpdesktest.Message, bool) {
	ids, parts := []string{}, []string{wiki}
	for _, file := range files {
		ids = append(ids, itoa(20_000+f.Book.Next()))
		if strings.HasPrefix(file.Type, "image/") {
			parts = append(parts, "!"+file.Name+"|thumbnail!")
		} else {
			parts = append(parts, fmt.Sprintf("[^%s] _(%d kB)_", file.Name, len(file.Body)>>10))
		}
	}
	kept, ok := f.Book.Add(t.ID, helpdesktest.Message{
		Role: escalate.RoleBot, Author: Self, Public: public, Body: ADF(richtext.TextOfWiki(strings.Join(parts, " "))), Files: files,
		Extra: object{"via": "request", "explicit": true, "files": ids},
	})
	f.remember(t.ID, kept)
	return kept, ok
}

func (f *Fake) putDown(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Atlassian-Token") != "no-check" {
		refuse(w, http.StatusForbidden, "XSRF check failed")
		return
	}
	if r.PathValue("desk") != deskID {
		refuse(w, http.StatusNotFound, "The Service Desk you are trying to view does not exist.")
		return
	}
	form, err := r.MultipartReader()
	if err != nil {
		refuse(w, http.StatusBadRequest, "The files must be sent as multipart/form-data.")
		return
	}
	out := []object{}
	for {
		part, err := form.NextPart()
		if err != nil {
			break
		}
		body, err := io.ReadAll(io.LimitReader(part, 64<<20))
		if part.FormName() != "file" || part.FileName() == "" || err != nil {
			refuse(w, http.StatusBadRequest, "The parameter that has the files must be named file.")
			return
		}
		id := "temp" + itoa(f.Book.Next())
		f.mu.Lock()
		f.put[id] = upload{r.PathValue("desk"), desk.Upload{Name: part.FileName(), Type: part.Header.Get("Content-Type"), Body: body}}
		f.mu.Unlock()
		out = append(out, object{"temporaryAttachmentId": id, "fileName": part.FileName()})
	}
	answer(w, http.StatusCreated, object{"temporaryAttachments": out})
}

func (f *Fake) attach(w http.ResponseWriter, r *http.Request, t *helpdesktest.Ticket) {
	var n struct {
		IDs     []string `json:"temporaryAttachmentIds"`
		Public  *bool    `json:"public"`
		Comment *struct {
			Body string `json:"body"`
		} `json:"additionalComment"`
	}
	if !decode(w, r, &n) {
		return
	}
	if n.Public == nil || len(n.IDs) == 0 {
		refuse(w, http.StatusBadRequest, "public and temporaryAttachmentIds must be set.")
		return
	}
	var files []desk.Upload
	f.mu.Lock()
	for _, id := range n.IDs {
		if file, ok := f.put[id]; ok {
			files = append(files, file.Upload)
			delete(f.put, id)
		}
	}
	f.mu.Unlock()
	if len(files) != len(n.IDs) {
		refuse(w, http.StatusBadRequest, "The temporary files have expired.")
		return
	}
	body := ""
	if n.Comment != nil {
		body = n.Comment.Body
	}
	kept, _ := f.keep(t, body, *n.Public, files)
	answer(w, http.StatusCreated, object{"comment": f.requestComment(t, &kept, false), "attachments": object{"values": []object{}}})
}

// content gives a file's bytes; without redirect=false it sends the reader to the host where they lie.
func (f *Fake) content(w http.ResponseWriter, r *http.Request) {
	for _, t := range f.Book.Tickets(nil) {
		for i := range t.Messages {
			at := slices.Index(fileIDs(&t.Messages[i]), r.PathValue("file"))
			if at < 0 {
				continue
			}
			if r.URL.Query().Get("redirect") != "false" {
				http.Redirect(w, r, "https://api.media.atlassian.com/file/1/binary?token=secret", http.StatusSeeOther)
				return
			}
			file := t.Messages[i].Files[at]
			w.Header().Set("Content-Type", file.Type)
			_, _ = w.Write(file.Body) // the reader may have gone
			return
		}
	}
	problem(w, http.StatusNotFound, "The attachment with id '"+r.PathValue("file")+"' does not exist")
}
