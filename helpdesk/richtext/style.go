package richtext

import (
	"cmp"
	"slices"
	"strings"
)

// declarations splits a style attribute. Only what lies in it counts: style sheets are not read.
func declarations(style string) map[string]string {
	if style == "" {
		return nil
	}
	found := map[string]string{}
	for one := range strings.SplitSeq(strings.ToLower(style), ";") {
		if name, value, ok := strings.Cut(one, ":"); ok {
			value, _, _ = strings.Cut(value, "!")
			found[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return found
}

func isHidden(t tag) bool {
	if _, ok := t.attr["hidden"]; ok || slices.Contains(hiddenElements, t.atom) {
		return true
	}
	d := declarations(t.attr["style"])
	return d["display"] == "none" || d["visibility"] == "hidden" || d["opacity"] == "0" || isZero(d["max-height"])
}

func keepsSpace(style string) bool {
	return style != "" && strings.HasPrefix(declarations(style)["white-space"], "pre") && declarations(style)["white-space"] != "pre-line"
}

func isZero(length string) bool {
	return slices.Contains([]string{"0", "0px", "0pt", "0in", "0cm", "0em"}, length)
}

// isTight says that a paragraph has no space around it: what Outlook writes for every line.
func isTight(t tag) bool {
	if class := t.attr["class"]; strings.HasPrefix(class, "Mso") || strings.HasPrefix(class, "x_Mso") {
		return true
	}
	d := declarations(t.attr["style"])
	top, bottom := d["margin-top"], d["margin-bottom"]
	if all := strings.Fields(d["margin"]); len(all) > 2 {
		top, bottom = cmp.Or(top, all[0]), cmp.Or(bottom, all[2])
	} else if len(all) > 0 {
		top, bottom = cmp.Or(top, all[0]), cmp.Or(bottom, all[0])
	}
	return isZero(top) && isZero(bottom)
}

// isHistory knows where Outlook's quoted history begins: on the web by its id, on the desktop by the line above the old mail's head.
func isHistory(t tag) bool {
	if strings.HasSuffix(t.attr["id"], "divRplyFwdMsg") {
		return true
	}
	d := declarations(t.attr["style"])
	return d["border"] == "none" && strings.HasPrefix(d["border-top"], "solid #") && strings.HasPrefix(d["padding"], "3.0pt 0")
}
