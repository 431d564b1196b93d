package freshdesk

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// Canned responses are Freshdesk's macros. Only an administrator's key may read them.

type cannedFolder struct {
	ID       ident `json:"id"`
	Personal bool  `json:"personal"` // its agent's own
}

type canned struct {
	ID         ident  `json:"id"`
	Title      string `json:"title"`
	Content    string `json:"content"`
	HTML       string `json:"content_html"`
	Visibility number `json:"visibility"` // 0: all agents, 1: only whose it is, 2: some groups
}

const onlyMyself number = 1

// Macros implements helpdesk.MacroReader, a folder at a time. The cursor is the folder's id.
func (c *Connector) Macros(ctx context.Context, cursor string) ([]helpdesk.Macro, string, error) {
	var folders []cannedFolder
	if err := c.api.Do(ctx, helpdesk.Call{Op: "read canned responses", Path: []string{"canned_response_folders"}}, &folders); err != nil {
		return nil, "", forAdministrators(err)
	}
	folders = slices.DeleteFunc(folders, func(f cannedFolder) bool { return f.Personal || f.ID == "" })
	slices.SortFunc(folders, func(a, b cannedFolder) int { return byNumber(a.ID, b.ID) })
	at := 0
	if cursor != "" { // one that is gone meanwhile is passed over
		at, _ = slices.BinarySearchFunc(folders, ident(cursor), func(f cannedFolder, want ident) int { return byNumber(f.ID, want) })
	}
	if at >= len(folders) {
		return nil, "", nil
	}
	var responses []canned
	call := helpdesk.Call{Op: "read canned responses", Path: []string{"canned_response_folders", string(folders[at].ID), "responses"}}
	if err := c.api.Do(ctx, call, &responses); err != nil && !errors.Is(err, desk.ErrNotFound) {
		return nil, "", forAdministrators(err)
	}
	var macros []helpdesk.Macro
	for _, r := range responses {
		if body := r.text(); r.Visibility != onlyMyself && body != "" {
			macros = append(macros, helpdesk.Macro{ID: string(r.ID), Title: helpdesk.Clean(r.Title), Body: body})
		}
	}
	if at+1 == len(folders) {
		return macros, "", nil
	}
	return macros, string(folders[at+1].ID), nil
}

func (r *canned) text() string {
	if r.HTML != "" {
		return helpdesk.Clean(richtext.Text(r.HTML))
	}
	return helpdesk.Clean(richtext.Text(r.Content))
}

// forAdministrators says what to do when the key may not read something.
func forAdministrators(err error) error {
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 {
		said := *refused
		said.Why += "; only an administrator's key may read canned responses: give its agent the role, or bring a file: --macros"
		return &said
	}
	return err
}

// byNumber orders ids as the numbers that they are.
func byNumber(a, b ident) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
