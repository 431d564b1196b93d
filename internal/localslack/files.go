package localslack

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/gif"  // so that the size of pictures can be told
	_ "image/jpeg" // the same
	_ "image/png"  // the same
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// File is an uploaded file as the workspace keeps it. Until its upload is
// completed nobody sees it.
type File struct {
	ID      string      `json:"id"`
	App     string      `json:"app_id"`
	User    string      `json:"user"`
	Name    string      `json:"name"`
	Title   string      `json:"title,omitempty"`
	AltText string      `json:"alt_txt,omitempty"`
	Created int64       `json:"created"` // Unix seconds
	Base    string      `json:"base"`    // the address under which the app reached us
	Key     string      `json:"key"`     // opens the file for who has it: the page
	Data    []byte      `json:"data,omitempty"`
	Done    bool        `json:"done,omitempty"`  // its upload is completed
	Given   []string    `json:"given,omitempty"` // apps that got it with a modal
	Deleted bool        `json:"deleted,omitempty"`
	Shares  []FileShare `json:"shares,omitempty"`
}

// FileShare is a conversation that a file is shown in.
type FileShare struct {
	Channel  string          `json:"channel"`
	ThreadTS string          `json:"thread_ts,omitempty"`
	Comment  string          `json:"comment,omitempty"`
	Blocks   json.RawMessage `json:"blocks,omitempty"`
	TS       string          `json:"ts,omitempty"` // of the message; empty while Slack is still at it
}

// addFile makes an uploaded file part of the state.
func (s *state) addFile(f *File) {
	kept := *f
	s.files[f.ID] = &kept
	s.stored += len(f.Data)
}

// completeFile makes a file one that people may see.
func (s *state) completeFile(done *File) {
	if f := s.files[done.ID]; f != nil {
		f.Done, f.Title, f.Shares = true, done.Title, slices.Clone(done.Shares)
	}
}

// giveFile lets apps read a file that was submitted to them.
func (s *state) giveFile(given *File) {
	if f := s.files[given.ID]; f != nil {
		f.Given = append(slices.Clip(f.Given), given.Given...)
	}
}

// dropFile forgets a file's bytes.
func (s *state) dropFile(id string) {
	if f := s.files[id]; f != nil {
		s.stored -= len(f.Data)
		f.Deleted, f.Data = true, nil
	}
}

// shareFiles notes where the files of a message are shown.
func (s *state) shareFiles(m *Message) {
	for _, id := range m.Files {
		f := s.files[id]
		if f == nil {
			continue
		}
		for i := range f.Shares {
			if sh := &f.Shares[i]; sh.TS == "" && sh.Channel == m.Channel && sh.ThreadTS == m.ThreadTS {
				sh.TS = m.TS
			}
		}
	}
}

// kinds are the file types that have a name in Slack; all others are "binary".
// https://docs.slack.dev/reference/objects/file-object
var kinds = map[string]struct{ mime, name, pretty string }{
	".png": {"image/png", "png", "PNG"}, ".jpg": {"image/jpeg", "jpg", "JPEG"}, ".jpeg": {"image/jpeg", "jpg", "JPEG"},
	".gif": {"image/gif", "gif", "GIF"}, ".webp": {"image/webp", "webp", "WebP"}, ".pdf": {"application/pdf", "pdf", "PDF"},
	".txt": {"text/plain", "text", "Plain Text"}, ".csv": {"text/csv", "csv", "CSV"}, ".json": {"application/json", "json", "JSON"},
}

// mime is what a file is. A picture's name alone does not make it one.
func (f *File) mime() (mime, name, pretty string) {
	k, ok := kinds[strings.ToLower(path.Ext(f.Name))]
	if !ok || strings.HasPrefix(k.mime, "image/") && http.DetectContentType(f.Data) != k.mime {
		return "application/octet-stream", "binary", "Binary"
	}
	return k.mime, k.name, k.pretty
}

// file renders a file as the Web API and messages show it.
func (s *state) file(f *File) obj {
	mime, kind, pretty := f.mime()
	private := f.Base + f.path()
	o := obj{
		"id": f.ID, "created": f.Created, "timestamp": f.Created, "name": f.Name, "title": f.Title, "mimetype": mime,
		"filetype": kind, "pretty_type": pretty, "user": f.User, "user_team": s.team.ID, "editable": false,
		"size": len(f.Data), "mode": "hosted", "is_external": false, "external_type": "", "is_public": false,
		"public_url_shared": false, "display_as_bot": false, "username": "", "url_private": private,
		"url_private_download": private, "permalink": private, "is_starred": false, "has_rich_preview": false,
		"file_access": "visible", "media_display_type": "unknown", "comments_count": 0,
	}
	if f.AltText != "" {
		o["alt_txt"] = f.AltText
	}
	if c, _, err := image.DecodeConfig(bytes.NewReader(f.Data)); err == nil && strings.HasPrefix(mime, "image/") {
		o["original_w"], o["original_h"] = c.Width, c.Height
	}
	s.addShares(o, f)
	return o
}

// addShares says in which conversations a file is shown.
func (s *state) addShares(o obj, f *File) {
	in := map[string][]string{"channel": {}, "group": {}, "im": {}}
	shares := obj{}
	for _, sh := range f.Shares {
		ch := s.channel(sh.Channel)
		if ch == nil || sh.TS == "" {
			continue
		}
		kind := ch.channelType()
		in[kind] = append(in[kind], ch.ID)
		where := "private"
		if kind == "channel" {
			where, o["is_public"] = "public", true
		}
		at := obj{"ts": sh.TS, "channel_name": ch.Name, "team_id": s.team.ID, "share_user_id": f.User, "reply_users": []string{}, "reply_users_count": 0, "reply_count": 0}
		if sh.ThreadTS != "" {
			at["thread_ts"] = sh.ThreadTS
		}
		group, _ := shares[where].(obj)
		if group == nil {
			group = obj{}
			shares[where] = group
		}
		group[ch.ID] = append(orEmpty(asList(group[ch.ID])), at)
	}
	o["channels"], o["groups"], o["ims"], o["shares"] = in["channel"], in["group"], in["im"], shares
}

func asList(v any) []obj { l, _ := v.([]obj); return l }

// path is where a file is served.
func (f *File) path() string { return "/_files/" + f.ID + "/" + url.PathEscape(f.Name) }

// filesOf renders the files of a message; nil when it has none.
func (s *state) filesOf(m *Message) []obj {
	var all []obj
	for _, id := range m.Files {
		if f := s.files[id]; f != nil {
			all = append(all, s.file(f))
		}
	}
	return all
}
