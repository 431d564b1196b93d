package card

import (
	"github.com/slack-go/slack"

	"warmline/escalate/desk"
)

// passing asks where a hand-off goes.
func passing(v *slack.ModalViewRequest, c *desk.Card) {
	v.Title, v.Submit = plain("Pass on", 24), plain("Pass on", 24)
	v.Blocks.BlockSet = append(compact(about("From ", c)),
		choice(FieldTo, "Where does it go?", "",
			option("person", "To a colleague", "Pick who below; it becomes theirs, and they are told"),
			option("manager", "To the managers", "It goes on in their channel, with its draft and its deadline"),
			option("channel", "Back to the channel", "Nobody has it then; its clock goes on"),
			option("ai", "Back to the AI", "It may answer here again, as far as the policy lets it"),
			option("expert", "Ask an expert, and keep it", "Pick a channel below; the answer comes to the thread"),
		),
		slack.NewInputBlock(FieldPerson, plain("Colleague", 150), nil,
			slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Pick a colleague", 150), FieldPerson)).WithOptional(true),
		slack.NewInputBlock(FieldWhere, plain("Channel of the expert", 150), nil,
			slack.NewOptionsSelectBlockElement(slack.OptTypeChannels, plain("Pick a channel", 150), FieldWhere)).WithOptional(true),
		slack.NewInputBlock(FieldText, plain("Note, or your question to the expert", 150), plain("It stays inside; the customer never sees it.", 150),
			slack.NewPlainTextInputBlockElement(nil, FieldText).WithMultiline(true).WithMaxLength(maxInput)).WithOptional(true),
	)
}

// snoozing asks until when.
func snoozing(v *slack.ModalViewRequest, c *desk.Card) {
	v.Title, v.Submit = plain("Snooze", 24), plain("Snooze", 24)
	v.Blocks.BlockSet = append(compact(about("From ", c)),
		choice(FieldFor, "For how long?", "1h",
			option("1h", "An hour", "It stays yours; a new message of the customer wakes it"),
			option("4h", "Four hours", "It stays yours; a new message of the customer wakes it"),
			option("tomorrow", "Until tomorrow, 9:00", "In your own time zone"),
			option("monday", "Until Monday, 9:00", "In your own time zone"),
			option("none", "Not at all", "It stays before you: say below what we wait for"),
		),
		slack.NewInputBlock(FieldAt, plain("Or until an exact time", 150), plain("Where one is picked it counts.", 150),
			slack.NewDateTimePickerBlockElement(FieldAt)).WithOptional(true),
		slack.NewInputBlock(FieldWait, plain("What are we waiting for?", 150), plain("With a reason the customer goes on hearing from us meanwhile.", 150),
			waitReasons(c, false)).WithOptional(true),
		slack.NewInputBlock(FieldBy, plain("The customer hears from us by", 150), plain("Only with a reason, and only where you mean it.", 150),
			slack.NewDateTimePickerBlockElement(FieldBy)).WithOptional(true),
	)
}

// answering takes an expert's answer.
func answering(v *slack.ModalViewRequest, m *desk.Modal) {
	v.Title, v.Submit = plain("Answer", 24), plain("Answer", 24)
	told := row{}.quote(m.Head, 2500).next().say("Your answer goes to the colleagues who have the ticket. The customer does not see it.")
	v.Blocks.BlockSet = append(compact(block("about", lines(told))), textInputs("", "Your answer")...)
}

// replyingToMany takes the words that every checked ticket gets.
func replyingToMany(v *slack.ModalViewRequest, m *desk.Modal) {
	v.Title, v.Submit = plain("Reply to many", 24), plain("Send to all", 24)
	told := row{}.quote(m.Head, 2000).next().say("Where a customer wrote again meanwhile, nothing is sent and you get the words back.")
	v.Blocks.BlockSet = append(compact(block("about", lines(told))), textInputs(m.Text, "Reply to each of them")...)
}

// escalating asks what a message in Slack is about, for a ticket that is made of it.
func escalating(v *slack.ModalViewRequest, m *desk.Modal) {
	v.Title, v.Submit = plain("Escalate to support", 24), plain("Make a ticket", 24)
	field := func(id, label string, most int) *slack.InputBlock {
		return slack.NewInputBlock(id, plain(label, 150), nil, slack.NewPlainTextInputBlockElement(nil, id).WithMaxLength(most))
	}
	v.Blocks.BlockSet = append(compact(block("about", lines(row{}.quote(m.Head, 500)))),
		field(FieldSubject, "What is it about?", 150),
		field(FieldEmail, "The customer's e-mail address", 200),
		field(FieldName, "The customer's name", 100).WithOptional(true))
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, textInputs(m.Text, "What does the customer want?")...)
}
