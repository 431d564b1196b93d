package card_test

import (
	"fmt"

	"warmline/bot/card"
	"warmline/escalate"
	"warmline/escalate/desk"
)

func ExampleDraw() {
	m := card.Draw(&desk.Card{
		Handoff: escalate.Handoff{ID: "01H", State: escalate.HandoffOpen}, Token: "01T",
		Number: "4711", Subject: "Where is <!channel> my refund?", Customer: escalate.Customer{Name: "Ina Berg"},
		Reasons: []desk.ReasonLine{{Kind: escalate.Anger, Words: "Customer is upset"}},
	})
	fmt.Println(m.Text)
	// Output: #4711 Where is &lt;!channel&gt; my refund? Customer is upset. From Ina Berg. Open, nobody has claimed it yet.
}
