package page_test

import (
	"encoding/json"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestMrkdwnReadsAsSlackDoes(t *testing.T) {
	_, server := newFakeWorkspace(t)
	b := openBrowser(t)
	b.do(chromedp.Navigate(server.URL + "/slack/?as=ana"))
	for _, test := range []struct{ text, want string }{
		{"plain", `plain`},
		{"a *b* _c_ ~d~", `a <strong>b</strong> <em>c</em> <s>d</s>`},
		{"*_both_*", `<strong><em>both</em></strong>`},
		{"2*3*4 and snake_case_name", `2*3*4 and snake_case_name`},
		{"* not bold *", `* not bold *`},
		{"`*code*` *x*", `<code>*code*</code> <strong>x</strong>`},
		{"&lt;b&gt; &amp;amp;", `&lt;b&gt; &amp;amp;`},
		{"<script>alert(1)</script>", `<span>script</span>alert(1)<span>/script</span>`},
		{"<javascript:alert(1)|click>", `<span>click</span>`},
		{"<https://x.example/?a=1&amp;b=2|x>", `<a href="https://x.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">x</a>`},
		{"<mailto:a@x.example>", `<a href="mailto:a@x.example" target="_blank" rel="noopener noreferrer">a@x.example</a>`},
		{"<@U0ANA> <@U404|gone>", `<span class="mention me" data-user="U0ANA">@Ana Silva</span> <span class="mention" data-user="U404">@gone</span>`},
		{"<#C0SUPPORT>", `<a class="mention" href="#C0SUPPORT">#support</a>`},
		{"<!subteam^S0LEADS> <!here>", `<span class="mention">@leads</span> <span class="mention me">@here</span>`},
		{"<!date^nope^{date}|later>", `<time title="later">later</time>`},
		{":nope: 10:30:45", `:nope: 10:30:45`},
		{"> a\n&gt; b\nc", `<blockquote>a<br>b</blockquote>c`},
		{"• a\n• b", `<ul class="list"><li>a</li><li>b</li></ul>`},
		{"x\n```\n*raw* <https://x.example|l>\n```\ny", `x<pre class="code-block">*raw* l</pre>y`},
		{"open ``` fence", "open ``` fence"},
		{"*bold <https://x.example|a*b> end*", `<strong>bold <a href="https://x.example" target="_blank" rel="noopener noreferrer">a*b</a> end</strong>`},
	} {
		text, err := json.Marshal(test.text)
		if err != nil {
			t.Fatal(err)
		}
		got := b.text(`(async () => {
			const {mrkdwn} = await import("/slack/mrkdwn.js");
			const {Directory} = await import("/slack/directory.js");
			const dir = new Directory(await (await fetch("/_control/state")).json());
			const box = document.createElement("div");
			box.append(...mrkdwn(` + string(text) + `, dir, dir.user("ana")));
			return box.innerHTML;
		})()`)
		if got != test.want {
			t.Errorf("mrkdwn(%q)\n got %s\nwant %s", test.text, got, test.want)
		}
	}
	b.mustBeQuiet()
}
