package zendesktest

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"warmline/helpdesk"
)

// macroPage is how many macros and articles a page has at most, so that there are several.
const macroPage = 3

// macroJSON is a macro as Zendesk gives it; its actions are pairs of field and value.
func macroJSON(id int, title string, active bool, restriction any, actions ...any) map[string]any {
	list := []map[string]any{}
	for i := 0; i+1 < len(actions); i += 2 {
		list = append(list, map[string]any{"field": actions[i], "value": actions[i+1]})
	}
	return map[string]any{
		"id": id, "url": "https://shop.zendesk.example/api/v2/macros/" + strconv.Itoa(id) + ".json", "title": title, "active": active, "description": nil,
		"restriction": restriction, "position": 9999, "created_at": "2025-03-01T08:00:00Z", "updated_at": "2025-03-01T08:00:00Z", "actions": list, "raw_title": title,
	}
}

// macros are the account's: what may be read of them is in Macros, the others are what must not be.
func macros() []map[string]any {
	group, own := map[string]any{"type": "Group", "id": 4, "ids": []int{4}}, map[string]any{"type": "User", "id": 5}
	return []map[string]any{
		macroJSON(501, "Billing::Refund", true, nil, "status", "solved", "comment_value", "Hello {{ticket.requester.first_name}},\n\nthe money is on its way."),
		macroJSON(502, "Note for the team", true, nil, "comment_value", "INTERNAL: check the stock.", "comment_mode_is_public", "false"),
		macroJSON(503, "Close", true, nil, "status", "solved", "current_tags", "done", "comment_mode_is_public", nil),
		macroJSON(504, "My own", true, own, "comment_value", "Cheers, Ana"),
		macroJSON(505, "Retired", false, nil, "comment_value", "We open at nine."),
		macroJSON(506, "Opening hours", true, group, "comment_value", []any{"channel:all", "We open at eight."}, "comment_mode_is_public", "true"),
		macroJSON(507, "Shipping::Abroad::Customs", true, nil, "comment_value_html", "<p>Customs take <b>a week</b>.</p><p>Sorry &amp; thanks</p>", "comment_value", "old text"),
	}
}

// Macros are those of the account's macros that are knowledge.
func Macros() []helpdesk.Macro {
	return []helpdesk.Macro{
		{ID: "501", Title: "Refund", Topic: "Billing", Body: "Hello {{ticket.requester.first_name}},\n\nthe money is on its way."},
		{ID: "506", Title: "Opening hours", Body: "We open at eight."},
		{ID: "507", Title: "Customs", Topic: "Shipping::Abroad", Body: "Customs take a week.\n\nSorry & thanks"},
	}
}

func (f *Fake) listMacros(w http.ResponseWriter, r *http.Request) {
	active := r.URL.Query().Get("active")
	list := slices.DeleteFunc(macros(), func(m map[string]any) bool { return active == "true" && m["active"] != true })
	query := r.URL.Query()
	query.Set("page[size]", strconv.Itoa(macroPage))
	r.URL.RawQuery = query.Encode()
	some, rest := page(f, r, list)
	rest["macros"] = some
	answer(w, http.StatusOK, rest)
}

var articlesSince = time.Date(2025, 4, 1, 9, 0, 0, 0, time.UTC)

// articleJSON is an article; edits override what is ordinary.
func articleJSON(id int, title, body string, edits ...any) map[string]any {
	a := map[string]any{
		"id": id, "title": title, "name": title, "body": body, "html_url": "https://shop.zendesk.example/hc/en-us/articles/" + strconv.Itoa(id), "locale": "en-us",
		"source_locale": "en-us", "draft": false, "promoted": false, "position": 0, "user_segment_id": nil, "user_segment_ids": []int{}, "permission_group_id": 777,
		"section_id": 11, "author_id": 9000011, "label_names": []string{}, "comments_disabled": true, "vote_sum": 0, "vote_count": 0, "outdated": false,
		"outdated_locales": []string{}, "content_tag_ids": []string{}, "created_at": "2025-03-01T08:00:00Z",
		// Two and two have the same second, so that a page begins in the middle of one.
		"updated_at": second(articlesSince.Add(time.Duration(id/2) * time.Minute)), "edited_at": "2025-03-01T08:00:00Z",
	}
	for i := 0; i+1 < len(edits); i += 2 {
		a[edits[i].(string)] = edits[i+1]
	}
	return a
}

func articles() []map[string]any {
	return []map[string]any{
		articleJSON(600, "Charging the lamp", "<h2>How</h2><p>Plug it in for <b>two</b> hours.</p>"),
		articleJSON(601, "Draft", "<p>SECRET: next year's prices.</p>", "draft", true),
		articleJSON(602, "For dealers", "<p>SECRET: dealers get 40 %.</p>", "user_segment_id", 88),
		articleJSON(603, "Garantie", "<p>Zwei Jahre.</p>", "locale", "de", "html_url", "https://shop.zendesk.example/hc/de/articles/603"),
		articleJSON(604, "For two segments", "<p>SECRET: staff only.</p>", "user_segment_ids", []int{5, 6}),
		articleJSON(605, "Empty", "", "body", nil),
		articleJSON(606, "Returns", "<p>Thirty days.</p>"),
	}
}

// Articles are those of the account's articles that everybody may read.
func Articles() []helpdesk.Article {
	const at = "https://shop.zendesk.example/hc/"
	return []helpdesk.Article{
		{ID: "600", Title: "Charging the lamp", Body: "How\n\nPlug it in for two hours.", URL: at + "en-us/articles/600", Lang: "en-us"},
		{ID: "603", Title: "Garantie", Body: "Zwei Jahre.", URL: at + "de/articles/603", Lang: "de"},
		{ID: "606", Title: "Returns", Body: "Thirty days.", URL: at + "en-us/articles/606", Lang: "en-us"},
	}
}

// exportArticles goes on from a second, which it shows again.
func (f *Fake) exportArticles(w http.ResponseWriter, r *http.Request) {
	start, err := strconv.ParseInt(r.URL.Query().Get("start_time"), 10, 64)
	if f.NoHelpCentre {
		problem(w, http.StatusNotFound, "RecordNotFound", "Not found")
		return
	}
	if err != nil {
		problem(w, http.StatusBadRequest, "InvalidValue", "start_time: is missing")
		return
	}
	out, end := []map[string]any{}, start
	for _, a := range articles() {
		at, err := time.Parse(time.RFC3339, a["updated_at"].(string))
		if err != nil || at.Unix() < start || len(out) == macroPage {
			continue
		}
		out, end = append(out, a), at.Unix()
	}
	answer(w, http.StatusOK, map[string]any{
		"count": len(out), "articles": out, "end_time": end,
		"next_page": "https://shop.zendesk.example/api/v2/help_center/incremental/articles.json?start_time=" + strconv.FormatInt(end, 10),
	})
}
