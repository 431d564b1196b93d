package local_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
)

// Threads as they come: mails with salutations, quotes and signatures, chats in fragments, posts with handles.
func TestTheSummaryReadsWell(t *testing.T) {
	b := newBrain(t, brain.Knowledge{})
	for name, c := range map[string]struct {
		subject string
		thread  []string
		want    string
	}{
		"a mail that was answered": {
			"Re: Lantern",
			[]string{
				"c: Dear Sir or Madam,\n\nI hope this message finds you well. The lantern that I bought in May has stopped charging, order MB-47812. Could you please send a replacement?\n\nKind regards\nIna Berg\nBerg Gardens Ltd",
				"a: Dear Ina,\n\nthank you for contacting us. I am sorry about the lantern. Please charge it for two hours with another cable. If you have any further questions, do not hesitate to contact us.\n\nBest regards\nBen",
				"c: Hi Ben,\n\nI tried that and it is still dark. When do you send the new one?\n\nIna\n\nOn Mon, Aug 3, 2026 at 10:00 AM Ben Ott <ben@shop.example> wrote:\n> Please charge it for two hours with another cable.",
			},
			"The customer is complaining: The lantern that I bought in May has stopped charging, order MB-47812.\n" +
				"The agent asks the customer: Please charge it for two hours with another cable.\n" +
				"The customer replied: When do you send the new one?",
		},
		"a mail in German": {
			"Ventil undicht",
			[]string{
				"c: Guten Tag,\n\nseit gestern ist das Ventil undicht und die Terrasse steht unter Wasser. Meine Bestellnummer ist 48211. Können Sie mir ein neues schicken?\n\nMit freundlichen Grüßen\nIna Berg\n\nVon meinem iPhone gesendet",
			},
			"The customer is complaining: Seit gestern ist das Ventil undicht und die Terrasse steht unter Wasser.\n" +
				"Given: order 48211\n" +
				"Asks: Können Sie mir ein neues schicken?",
		},
		"a chat in fragments": {
			"",
			[]string{"c: hi", "c: my hub", "c: it does not connect to the wifi any more", "b: Which hub do you have?", "c: the white one", "b: Please hold the button for ten seconds.", "c: ok", "c: that did not help"},
			"The customer is complaining: It does not connect to the wifi any more\n" +
				"The bot asks the customer: Please hold the button for ten seconds.\n" +
				"The customer replied: That did not help",
		},
		"posts": {
			"",
			[]string{
				"c: @ShopHelp hey, why does the app log me out every day? #fail https://t.example/x1",
				"a: @ina_b Hi Ina, sorry to hear that! Can you send us the version of the app? ^BO",
				"c: @ShopHelp It is 4.2.1 \U0001f622",
			},
			"The customer is asking: Why does the app log me out every day?\n" +
				"The agent asks the customer: Can you send us the version of the app?\n" +
				"The customer replied: It is 4.2.1",
		},
		"all is well": {
			"",
			[]string{"c: The hub is offline.", "b: Unplug the hub for thirty seconds.", "c: Great, it works now, thanks!"},
			"The customer is complaining: The hub is offline.\n" +
				"The bot updated the customer: Unplug the hub for thirty seconds.\n" +
				"The customer replied: Great, it works now, thanks!",
		},
		"a forwarded mail": {
			"Fwd: Your order",
			[]string{"c: Why was this cancelled?\n\n---------- Forwarded message ---------\nFrom: Shop <shop@shop.example>\nDate: Mon, Aug 3, 2026\nSubject: Your order\n\nYour order was cancelled."},
			"The customer is complaining: Your order. Why was this cancelled?",
		},
		"Chinese": {
			"",
			[]string{"c: 您好，我的包裹没有到，订单号是48211。什么时候能到？", "a: 非常抱歉，我们已经联系快递核实，请您耐心等待。"},
			"The customer is complaining: 我的包裹没有到，订单号是48211。\n" +
				"The agent asks the customer: 非常抱歉，我们已经联系快递核实，请您耐心等待。",
		},
	} {
		tk := ticket(c.thread...)
		tk.Content.Subject = c.subject
		if diff := cmp.Diff(c.want, assess(t, b, tk).Summary); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
