package card

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"warmline/escalate/desk"
)

// Modal draws a dialog. Its callback id is the action of its submission, its private metadata the card's token and, after
// a "|", what the person had before them: Submitted takes them apart.
func Modal(m *desk.Modal) slack.ModalViewRequest {
	c := m.Card
	if c == nil {
		c = &desk.Card{}
	}
	v := slack.ModalViewRequest{
		Type: slack.VTModal, Close: plain("Close", 24),
		CallbackID: string(m.Action), PrivateMetadata: hiddenField(m.Token + "|" + string(m.Newest) + editedMark(m.Edited)),
	}
	switch m.Action {
	case desk.ActSubmitEdit:
		editing(&v, m, c)
	case desk.ActSubmitReject:
		rejecting(&v, m, c)
	case desk.ActSubmitReply:
		replying(&v, m, c)
	case desk.ActSubmitCorrect:
		correcting(&v, m)
	case desk.ActSubmitEscalate:
		escalating(&v, m)
	case desk.ActSubmitLink:
		linking(&v, m)
	case desk.ActSubmitFold:
		replyingToMany(&v, m)
	case desk.ActSubmitPreview:
		previewing(&v, m, c)
	case desk.ActSubmitPass:
		passing(&v, c)
	case desk.ActSubmitInform:
		informing(&v, m, c)
	case desk.ActSubmitSnooze:
		snoozing(&v, c)
	case desk.ActSubmitAnswer:
		answering(&v, m)
	default:
		v.Title, v.Blocks.BlockSet = plain("Details", 24), details(c)
	}
	return v
}

// editedMark ends a modal's hidden field with the instant of the customer's newest edit, if there was one.
func editedMark(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return fmt.Sprintf("|e%d", at.UnixMicro())
}

var editedEnd = regexp.MustCompile(`\|e(\d{1,18})$`)

// hiddenField is what comes back with a submission and nobody reads: nothing in it may be masked, or an id would come back as another.
func hiddenField(s string) string {
	s, _ = cut(Strip(s), 2000)
	return s
}

func editing(v *slack.ModalViewRequest, m *desk.Modal, c *desk.Card) {
	v.Title = plain("Edit the reply", 24)
	blocks := compact(about("To ", c), warning(m.Warn))
	inputs := textInputs(m.Text, "Reply to the customer")
	if inputs == nil {
		blocks = append(blocks, block("too_long", lines(row{}.
			strong("This draft is too long to edit in Slack.").say(" Answer it in the helpdesk.").
			next().link("Open in the helpdesk", c.URL))))
		v.Blocks.BlockSet = blocks
		return
	}
	if d := c.Draft; d != nil && len(d.Unfilled) > 0 {
		blocks = append(blocks, block("unfilled", lines(row{}.strong("Still to fill in: ").quote(list(d.Unfilled, 20, 60), 1500))))
	}
	blocks = append(append(blocks, inputs...), fileInputs(m)...)
	v.Submit, v.Blocks.BlockSet = plain("Send", 24), blocks
}

func rejecting(v *slack.ModalViewRequest, m *desk.Modal, c *desk.Card) {
	v.Title, v.Submit = plain("Reject the draft", 24), plain("Reject", 24)
	v.Blocks.BlockSet = append(compact(about("To ", c), warning(m.Warn)), choice(FieldReason, "What is wrong with it?", "",
		option(ReasonWrong, "Wrong", "What it says is not true, or not for this case"),
		option(ReasonIncomplete, "Incomplete", "True, but it leaves something out"),
		option(ReasonTone, "Tone", "Right, but not how we talk to this customer"),
		option(ReasonSource, "Outdated source", "The article or macro that it rests on is old"),
		option(ReasonHuman, "Should be human", "The AI should not answer this at all"),
	))
}

func replying(v *slack.ModalViewRequest, m *desk.Modal, c *desk.Card) {
	v.Title, v.Submit = plain("Reply", 24), plain("Send", 24)
	blocks := compact(about("To ", c), warning(m.Warn))
	inputs := textInputs(m.Text, "What do you want to say?")
	if inputs == nil {
		blocks = append(blocks, quotes("kept", m.Text)...)
		inputs = textInputs("", "What do you want to say?")
	}
	v.Blocks.BlockSet = append(append(append(blocks, inputs...), fileInputs(m)...), choice(FieldMode, "Where does it go?", ModeReply,
		option(ModeReply, "Reply", "To the customer; the ticket then waits for them"),
		option(ModeSolve, "Reply and solve", "To the customer; the ticket is then solved"),
		option(ModeNote, "Internal note", "Stays inside; the customer never sees it"),
	))
}

// previewing shows a draft whole, with what the card hides, to the one who may send it.
func previewing(v *slack.ModalViewRequest, m *desk.Modal, c *desk.Card) {
	v.Title, v.Submit = plain("Preview", 24), plain("Send", 24)
	blocks := append(compact(about("To ", c), warning(m.Warn)), title("Exactly as it would be sent"))
	for i, part := range chunks(Strip(m.Text), 2900) {
		blocks = append(blocks, block(fmt.Sprintf("whole.%d", i+1), preformatted(part)))
	}
	v.Blocks.BlockSet = blocks
}

func correcting(v *slack.ModalViewRequest, m *desk.Modal) {
	v.Title, v.Submit = plain("Put it right", 24), plain("Draft", 24)
	told := row{}.quote(m.Head, 1500).next().say("Each ticket comes back as a card with these words as its draft. " +
		"Customers in another language get a card without one. Nothing is sent before a person approves it.")
	v.Blocks.BlockSet = append(compact(block("about", lines(told))), textInputs(m.Text, "What is right?")...)
}

func linking(v *slack.ModalViewRequest, m *desk.Modal) {
	v.Title, v.Submit = plain("Link your account", 24), plain("Link", 24)
	told := row{}.say("Where the address is the one that Slack has, the account is yours at once. Where it is another, a lead is asked first.")
	input := slack.NewPlainTextInputBlockElement(nil, FieldText).WithInitialValue(line(m.Text, maxAddress)).WithMaxLength(maxAddress)
	v.Blocks.BlockSet = []slack.Block{
		block("about", lines(told)), slack.NewInputBlock(FieldText, plain("E-mail address of your helpdesk account", 150), nil, input),
	}
}

// maxAddress is the longest e-mail address there is.
const maxAddress = 254

// about reminds a reader or writer who is on the other side, what is wanted, and what was given already.
func about(side string, c *desk.Card) slack.Block {
	r := row{}.strong(side).quote(customer(c), 80)
	if c.Number != "" {
		r = r.say(" · #").quote(c.Number, 30).say(" ").quote(subject(c, 120), 120)
	}
	if want := line(c.Ask, maxAsk); want != "" {
		r = r.next().strong("Ask: ").quote(want, maxAsk)
	}
	if len(c.Given) > 0 {
		r = r.next().strong("Already given, do not ask again: ").quote(list(c.Given, 20, 60), 1500)
	}
	return block("about", lines(r))
}

func warning(s string) slack.Block {
	if line(s, 500) == "" {
		return nil
	}
	return block("warn", lines(row{}.strong("Before you send: ").quote(s, 500)))
}

func option(value, words, does string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plain(words, 75), plain(does, 75))
}

// choice is a required pick of one option; initial names the one that is set, "" none.
func choice(field, label, initial string, options ...*slack.OptionBlockObject) slack.Block {
	radio := slack.NewRadioButtonsBlockElement(field, options...)
	for _, o := range options {
		if o.Value == initial {
			radio.InitialOption = o
		}
	}
	return slack.NewInputBlock(field, plain(label, 150), nil, radio)
}

// One input of a modal takes 3,000 characters. A longer text is given several, each with room to write.
const (
	maxInput  = 3000
	fullInput = 2600
	maxInputs = 12
)

// textInputs makes the inputs that hold a text; nil when it is too long for a modal. The action id of each input but
// the first begins with "after" and the number of line ends that stood before it, so that Submitted can put the text
// together.
func textInputs(s, label string) []slack.Block {
	s = strings.Trim(Strip(s), "\n")
	parts := []string{s}
	if cost(s) > maxInput {
		parts = chunks(s, fullInput)
	}
	if len(parts) > maxInputs {
		return nil
	}
	var out []slack.Block
	ends := 0 // line ends since the last input
	for i, part := range parts {
		body := strings.Trim(part, "\n")
		lead := len(part) - len(strings.TrimLeft(part, "\n"))
		ends += lead
		if body == "" && i > 0 {
			continue
		}
		id, action, title := FieldText, FieldText, label
		if len(parts) > 1 {
			title = fmt.Sprintf("%s, part %d of %d", label, i+1, len(parts))
		}
		if i > 0 {
			id, action = fmt.Sprintf("%s.%d", FieldText, i+1), fmt.Sprintf("after%d.%d", ends, i+1)
		}
		ends = len(part) - lead - len(body)
		input := slack.NewPlainTextInputBlockElement(nil, action).WithMultiline(true).WithMaxLength(maxInput).WithInitialValue(body)
		out = append(out, slack.NewInputBlock(id, plain(title, 150), nil, input).WithOptional(i > 0))
	}
	return out
}

// Submitted reads a submitted modal: its private metadata and, by block id and action id, what was typed or picked. It
// returns the card's token and the fields.
func Submitted(metadata string, values map[string]map[string]string) (tok string, fields map[string]string) {
	fields = map[string]string{}
	if at := editedEnd.FindStringSubmatchIndex(metadata); at != nil {
		metadata, fields[FieldEdited] = metadata[:at[0]], metadata[at[2]:at[3]]
	}
	tok, newest, _ := strings.Cut(metadata, "|")
	if newest != "" {
		fields[FieldNewest] = newest
	}
	for id, actions := range values {
		if id != FieldText && strings.HasPrefix(id, FieldText+".") {
			continue
		}
		for _, v := range actions {
			fields[id] = v
		}
	}
	for i := 2; i <= maxInputs; i++ {
		for action, v := range values[fmt.Sprintf("%s.%d", FieldText, i)] {
			var ends int
			if _, err := fmt.Sscanf(action, "after%d", &ends); err != nil || ends < 0 || ends > maxInputs*fullInput {
				ends = 1
			}
			if v != "" {
				fields[FieldText] += strings.Repeat("\n", ends) + v
			}
		}
	}
	return tok, fields
}
