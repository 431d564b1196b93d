package richtext_test

import (
	"testing"

	"warmline/helpdesk/richtext"
)

func TestTextReadsHTML(t *testing.T) {
	for _, tc := range []struct{ name, html, want string }{
		{"paragraphs are apart", "<p>One</p><p>two\n  lines</p>", "One\n\ntwo lines"},
		{"divs are lines", "<div>One</div><div>two</div><div><br></div><div>three</div>", "One\ntwo\n\nthree"},
		{"no spaces around a word in bold", "<p>the <b>mug</b> arrived.</p>", "the mug arrived."},
		{"a break before a block's end is none", "<div>One<br></div><div>two</div>", "One\ntwo"},
		{"at most one blank line", "One<br><br><br><br>two<p>&nbsp;</p><p></p><p>three</p><br><br>", "One\n\ntwo\n\nthree"},
		{"spacing no-break spaces", "<p>&nbsp;A &nbsp; b&nbsp;&nbsp;</p><p>5&nbsp;€</p>", " A   b\n\n5\u00a0€"},
		{"entities", "<p>&lt;b&gt; &amp;amp; &copy; &#x1F600; &bogus;</p>", "<b> &amp; © 😀 &bogus;"},
		{
			"lists", "<ul><li>One<li>two<ul><li>deep</li></ul></li></ul><ol start=3><li><p>three</p><p>more</p></li><li>four</ol>after",
			"- One\n- two\n  - deep\n\n3. three\n\n   more\n\n4. four\n\nafter",
		},
		{"items that are paragraphs", "<ul><li><p>One</p></li><li> <p>two</p> </li><li></li><li>three</li></ul>", "- One\n- two\n- three"},
		{"a list in an item that is a paragraph", "<ul><li><p>One</p><ul><li><p>deep</p></li></ul></li><li>two</li></ul>", "- One\n  - deep\n- two"},
		{"ten items", "<ol start=9><li>nine<br>lines<li>ten<br>lines</ol>", "9. nine\n   lines\n10. ten\n    lines"},
		{
			"quotes", "<p>Yes.</p><blockquote><p>Is it</p><p>so?</p><blockquote>Well</blockquote></blockquote>Jo",
			"Yes.\n\n> Is it\n>\n> so?\n>\n> > Well\n\nJo",
		},
		{
			"links", `<a href="https://a.test/x">here</a>, <a href="https://a.test">https://a.test/</a>, <a href="mailto:jo@a.test">jo@a.test</a>, <a href="javascript:x()">no</a>, <a href="#top">up</a>`,
			"here (https://a.test/x), https://a.test/, jo@a.test, no, up",
		},
		{"a link around an image", `<a href="https://a.test"><img src=x alt="Our  shop"></a>`, "Our shop (https://a.test)"},
		{"images", `<img src=x> <img alt="cat"> <img src=pixel width=1 height=1>!`, "[image] cat !"},
		{"a table", "<table><tr><th>Item<th>Price</tr><tr><td>Mug</td><td>5 €</td></tr></table>", "Item | Price\nMug | 5 €"},
		{
			"Outlook's table", "<table><tr><td><p>Item</p></td><td><p>Price</p></td></tr>\n<tr><td><p>Mug</p></td><td><p>5 €</p></td></tr></table><p>x</p>",
			"Item | Price\nMug | 5 €\n\nx",
		},
		{"a table for layout", "<table><tr><td></td><td><p>Hi</p><p>there</p></td><td>  </td></tr><tr><td></td><td></td></tr><tr><td>Bye</td></tr></table>", "Hi\n\nthere\n\nBye"},
		{"code", "<p>run</p><pre>if x {\n\treturn  1\n}</pre><p>so</p>", "run\n\nif x {\n\treturn  1\n}\n\nso"},
		{"what nobody sees", `<head><title>T</title><style>p{}</style></head><script>x()</script><!-- c --><p hidden>h</p><div style="display: none">pre<b>head</b></div>
			<template>t</template><p>seen<span style="visibility:hidden">not</span></p><script src=x />alert(1)`, "seen"},
		{"a hidden paragraph that ends where the next one begins", `<p style="display:none">one<p>two`, "two"},
		{"conditional comments", `<!--[if mso]><p>old</p><![endif]--><![if !mso]><p>new</p><![endif]>`, "new"},
		{"tags that are none", "a < b and c > d <", "a < b and c > d <"},
		{"ends without beginnings", "a</div></b></p>b</td>c", "a\n\nbc"},
		{"white space in a style", `<div style="white-space: pre-wrap">a  b
 c</div>`, "a  b\n c"},
		{"an empty text", "<div><br></div> &nbsp; ", ""},
	} {
		if got := richtext.Text(tc.html); got != tc.want {
			t.Errorf("%s:\n got %q\nwant %q", tc.name, got, tc.want)
		}
	}
}
