package freshdesk

import (
	"regexp"

	"warmline/escalate"
)

// The API has no member that says where a merged ticket went. Freshdesk closes it and leaves a note, "This ticket is closed and
// merged into ticket 20", unless whoever merged wrote another. Without that note the ticket reads as closed, which it is.
var mergeNote = regexp.MustCompile(`(?i)\bmerged into (?:the )?ticket\s*(?:id)?\s*[#:]?\s*([0-9]{1,18})\b`)

// mergedInto is the ticket that one was merged into; "" when it was not. Only what agents say among themselves is believed: a
// customer cannot send their ticket into another.
func mergedInto(t *ticket, messages []escalate.Message) string {
	if t.Status != statusClosed {
		return ""
	}
	for i := len(messages) - 1; i >= 0; i-- {
		m := &messages[i]
		if m.Public || m.Marker != "" || m.Role != escalate.RoleAgent && m.Role != escalate.RoleBot {
			continue
		}
		if found := mergeNote.FindStringSubmatch(m.Text); found != nil && found[1] != string(t.ID) {
			return found[1]
		}
	}
	return ""
}
