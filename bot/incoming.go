package bot

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"warmline/bot/card"
	"warmline/escalate"
	"warmline/escalate/desk"
)

// incoming is what an envelope means to us. With neither a press nor a change it is noise, acknowledged and forgotten.
type incoming struct {
	press  *desk.Press
	change *membership
	inputs []string // the block ids of a submitted modal's inputs, where its errors can be shown
}

// membership is a change of who belongs to a user group.
type membership struct {
	group          string
	added, removed []escalate.PersonID
}

// read makes an envelope into what it means. Only the few fields that count are read, so that new kinds of blocks in the
// message around a button cannot hide what was pressed.
func read(e *envelope, now time.Time) (in incoming, err error) {
	switch e.kind {
	case "interactive":
		in, err = readInteractive(e)
	case "slash_commands":
		in, err = readCommand(e)
	case "events_api":
		in, err = readEvent(e)
	}
	if err != nil {
		return incoming{}, fmt.Errorf("read %s envelope: %w", e.label(), err)
	}
	if in.press != nil {
		in.press.At = now
		if in.press.ID == "" || in.press.Actor == "" {
			return incoming{}, fmt.Errorf("read %s envelope: it does not say who did what", e.label())
		}
	}
	return in, nil
}

type ref struct {
	ID     string `json:"id"`
	TeamID string `json:"team_id"`
}

// value is what an input of a modal, or an action, carries.
type value struct {
	Value    string `json:"value"`
	Selected struct {
		Value string `json:"value"`
	} `json:"selected_option"`
	Checked []struct {
		Value string `json:"value"`
	} `json:"selected_options"`
	User    string `json:"selected_user"`
	Channel string `json:"selected_channel"`
	At      int64  `json:"selected_date_time"` // Unix seconds
	Files   []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Type string `json:"mimetype"`
		Size int64  `json:"size"`
	} `json:"files"`
}

func (v value) words() string {
	if v.At != 0 {
		return strconv.FormatInt(v.At, 10)
	}
	return cmp.Or(v.Value, v.Selected.Value, v.User, v.Channel, v.checked())
}

func (v value) checked() string {
	var all []string
	for _, o := range v.Checked {
		all = append(all, o.Value)
	}
	return strings.Join(all, ",")
}

// attached lists what was picked in an input for files.
func (v value) attached() (files []desk.Attached) {
	for _, f := range v.Files {
		if f.ID != "" {
			files = append(files, desk.Attached{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size})
		}
	}
	return files
}

type state struct {
	Values map[string]map[string]value `json:"values"`
}

// picked lists what is checked in boxes, in the order of their values.
func (s state) picked() string {
	var all []string
	for _, actions := range s.Values {
		for _, v := range actions {
			for _, o := range v.Checked {
				all = append(all, o.Value)
			}
		}
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}

type interaction struct {
	Type        string `json:"type"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	User        ref    `json:"user"`
	Team        ref    `json:"team"`
	Channel     ref    `json:"channel"`
	Container   struct {
		ChannelID string `json:"channel_id"`
		MessageTS string `json:"message_ts"`
	} `json:"container"`
	Actions []struct {
		ActionID string `json:"action_id"`
		value
	} `json:"actions"`
	State    state  `json:"state"` // of a message: what its boxes hold
	Shortcut string `json:"callback_id"`
	Message  struct {
		Text string `json:"text"`
	} `json:"message"`
	View struct {
		Type       string `json:"type"`
		CallbackID string `json:"callback_id"`
		Metadata   string `json:"private_metadata"`
		Blocks     []struct {
			Type    string `json:"type"`
			BlockID string `json:"block_id"`
		} `json:"blocks"`
		State state `json:"state"`
	} `json:"view"`
}

// submissions are the actions that a modal may be sent with.
var submissions = map[desk.Action]bool{
	desk.ActSubmitEdit: true, desk.ActSubmitReject: true, desk.ActSubmitReply: true, desk.ActSubmitCorrect: true,
	desk.ActSubmitEscalate: true, desk.ActSubmitPreview: true, desk.ActSubmitFold: true, desk.ActSubmitPass: true, desk.ActSubmitLink: true, desk.ActSubmitSnooze: true, desk.ActSubmitInform: true, desk.ActSubmitAnswer: true,
}

func readInteractive(e *envelope) (incoming, error) {
	var p interaction
	if err := json.Unmarshal(e.payload, &p); err != nil {
		return incoming{}, err
	}
	press := &desk.Press{
		ID: e.id, Actor: escalate.PersonID(p.User.ID), Team: p.team(), Respond: p.ResponseURL, Trigger: p.TriggerID,
		On: desk.Place{Channel: p.Container.ChannelID, TS: p.Container.MessageTS},
	}
	if press.On.Channel == "" {
		press.On.Channel = p.Channel.ID
	}
	switch {
	case p.Type == "block_actions" && len(p.Actions) > 0:
		press.Action, press.Token = card.Pressed(p.Actions[0].ActionID, p.Actions[0].words())
		press.Home = p.View.Type == string(slack.VTHomeTab) && press.On == desk.Place{}
		if !card.Offers(press.Action) {
			return incoming{}, nil // a link, or a button of some other time
		}
		if picked := p.State.picked(); picked != "" {
			press.Fields = map[string]string{card.FieldPicked: picked}
		}
		return incoming{press: press}, nil
	case p.Type == "message_action" && desk.Action(p.Shortcut) == desk.ActEscalate:
		press.Action, press.Fields = desk.ActEscalate, map[string]string{card.FieldText: spoken(p.Message.Text)}
		return incoming{press: press}, nil
	case p.Type == "view_submission" && submissions[desk.Action(p.View.CallbackID)]:
		press.Action = desk.Action(p.View.CallbackID)
		in := incoming{press: press}
		values := map[string]map[string]string{}
		for block, actions := range p.View.State.Values {
			values[block] = map[string]string{}
			for action, v := range actions {
				values[block][action] = v.words()
				if block == card.FieldFiles {
					press.Files = v.attached()
				}
			}
		}
		press.Token, press.Fields = card.Submitted(p.View.Metadata, values)
		for _, b := range p.View.Blocks {
			if b.Type == "input" {
				in.inputs = append(in.inputs, b.BlockID)
			}
		}
		return in, nil
	}
	return incoming{}, nil
}

// reference is a link, a person or a channel in a message's text, as Slack writes it.
var reference = regexp.MustCompile(`<([^<>|]+)(?:\|([^<>]*))?>`)

// spoken is a message's text as people read it.
func spoken(text string) string {
	text = reference.ReplaceAllStringFunc(text, func(r string) string {
		m := reference.FindStringSubmatch(r)
		return cmp.Or(m[2], m[1])
	})
	return html.UnescapeString(text)
}

// team is the workspace that the person belongs to, which is not ours when a channel is shared.
func (p *interaction) team() string {
	if p.User.TeamID != "" {
		return p.User.TeamID
	}
	return p.Team.ID
}

func readCommand(e *envelope) (incoming, error) {
	var p struct {
		UserID      string `json:"user_id"`
		TeamID      string `json:"team_id"`
		ChannelID   string `json:"channel_id"`
		Text        string `json:"text"`
		ResponseURL string `json:"response_url"`
		TriggerID   string `json:"trigger_id"`
	}
	if err := json.Unmarshal(e.payload, &p); err != nil {
		return incoming{}, err
	}
	return incoming{press: &desk.Press{
		ID: e.id, Actor: escalate.PersonID(p.UserID), Team: p.TeamID, Action: desk.ActCommand,
		On: desk.Place{Channel: p.ChannelID}, Fields: map[string]string{card.FieldText: p.Text},
		Respond: p.ResponseURL, Trigger: p.TriggerID,
	}}, nil
}

func readEvent(e *envelope) (incoming, error) {
	var p struct {
		TeamID  string `json:"team_id"`
		EventID string `json:"event_id"`
		Event   struct {
			Type    string          `json:"type"`
			User    json.RawMessage `json:"user"` // an id; in some events a whole user
			Tab     string          `json:"tab"`
			Channel string          `json:"channel"`
			Thread  string          `json:"thread_ts"`
			Text    string          `json:"text"`
			GroupID string          `json:"subteam_id"`
			Added   []string        `json:"added_users"`
			Removed []string        `json:"removed_users"`
			Group   struct {
				ID      string      `json:"id"`
				Users   []string    `json:"users"`
				Deleted json.Number `json:"date_delete"`
			} `json:"subteam"`
		} `json:"event"`
	}
	if err := json.Unmarshal(e.payload, &p); err != nil {
		return incoming{}, err
	}
	switch ev := p.Event; {
	case ev.Type == "app_home_opened" && ev.Tab != "messages":
		var user string
		if err := json.Unmarshal(ev.User, &user); err != nil {
			return incoming{}, err
		}
		return incoming{press: &desk.Press{
			ID: p.EventID, Actor: escalate.PersonID(user), Team: p.TeamID, Action: desk.ActHome, Home: true,
		}}, nil
	case ev.Type == "app_mention":
		var user string
		if err := json.Unmarshal(ev.User, &user); err != nil {
			return incoming{}, err
		}
		return incoming{press: &desk.Press{
			ID: p.EventID, Actor: escalate.PersonID(user), Team: p.TeamID, Action: desk.ActAsked,
			On: desk.Place{Channel: ev.Channel, TS: ev.Thread}, Fields: map[string]string{card.FieldText: ev.Text},
		}}, nil
	case ev.Type == "subteam_members_changed" && ev.GroupID != "":
		return incoming{change: &membership{ev.GroupID, people(ev.Added), people(ev.Removed)}}, nil
	case ev.Type == "subteam_updated" && ev.Group.ID != "" && (ev.Group.Deleted == "" || ev.Group.Deleted == "0"):
		// It names the members, not who left: the desk's next reading of all groups shows that.
		return incoming{change: &membership{group: ev.Group.ID, added: people(ev.Group.Users)}}, nil
	}
	return incoming{}, nil
}

func people(ids []string) []escalate.PersonID {
	var out []escalate.PersonID
	for _, id := range ids {
		out = append(out, escalate.PersonID(id))
	}
	return out
}
