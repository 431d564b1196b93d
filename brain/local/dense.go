package local

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDense and maxTries bound the search for phrases without blanks, in bytes and in places: a text that repeats the first
// part of one would else be read again from every place.
const (
	maxDense = 8 << 10
	maxTries = 512
)

// denseGap is how many characters may stand where a phrase has a bare ~.
const denseGap = 6

// densePhrase is a phrase in a script without blanks. Its parts follow each other with at most so many characters between.
type densePhrase struct {
	parts          [][]string
	gaps           []int // gaps[i] lies before parts[i]
	atStart, atEnd bool  // it begins, it ends a clause
	strength       float64
}

func hasDense(tokens []token) bool {
	for i := range tokens {
		if tokens[i].cjk {
			return true
		}
	}
	return false
}

// denseStart is one of the words that a phrase may begin with.
type denseStart struct {
	word string
	*densePhrase
}

// denseIn returns the places, in order, where phrases match text from a byte on: at each, the longest.
func (l *lexicon) denseIn(text string, from int) []hit {
	var out []hit
	to, tries := min(len(text), from+maxDense), 0
	for i, r := range text[from:to] {
		best := hit{}
		for _, s := range l.dense[r] {
			if !strings.HasPrefix(text[from+i:to], s.word) {
				continue
			}
			if tries++; tries > maxTries {
				return out
			}
			if end := s.end(text[:to], from+i, from+i+len(s.word)); end > best.end {
				best = hit{from + i, end, s.strength}
			}
		}
		if best.end > 0 {
			out = append(out, best)
		}
	}
	return out
}

// end returns where the phrase ends whose first part lies at start, or -1.
func (p *densePhrase) end(text string, start, at int) int {
	for i := 1; i < len(p.parts); i++ {
		_, e := indexAny(window(text[at:], p.gaps[i], p.parts[i]), p.parts[i])
		if e <= 0 {
			return -1
		}
		at += e
	}
	if p.atStart && !clauseEnd(text[:start], true) || p.atEnd && !clauseEnd(text[at:], false) {
		return -1
	}
	return at
}

// clauseEnd reports whether a clause ends with the text before a place, or with it the text after it begins.
func clauseEnd(text string, before bool) bool {
	if before {
		text = strings.TrimRight(text, " 　")
		r, n := utf8.DecodeLastRuneInString(text)
		return n == 0 || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}
	text = strings.TrimLeft(text, " 　")
	r, n := utf8.DecodeRuneInString(text)
	return n == 0 || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// indexAny returns the first place of any of the alternatives; of those that begin together the longest.
func indexAny(text string, alternatives []string) (start, end int) {
	start = -1
	for _, a := range alternatives {
		i := strings.Index(text, a)
		if i >= 0 && (start < 0 || i < start || i == start && i+len(a) > end) {
			start, end = i, i+len(a)
		}
	}
	return start, end
}

// window returns the head of text in which a part may begin within n characters. A sentence's end closes it, and the comma of Chinese.
func window(text string, n int, part []string) string {
	longest := 0
	for _, a := range part {
		longest = max(longest, len(a))
	}
	for i, r := range text {
		if strings.ContainsRune("。！？!?，\n", r) {
			return text[:i]
		}
		if n--; n < 0 {
			return text[:min(len(text), i+longest)]
		}
	}
	return text
}

// han turns traditional and Japanese forms of characters that the lexicons use into the simplified ones. Both take three
// bytes, so places in the text stay what they are.
var han = pairs("轉转 轉转 転转 專专 専专 員员 務务 報报 電电 話话 請请 請请 說说 説说 談谈 聯联 聽听 嗎吗 麼么 麽么 對对 應应 機机 還还 誰谁 給给 幫帮 會会 對对 為为 這这 裡里 " +
	"錢钱 費费 賠赔 償偿 購购 買买 賣卖 貨货 帳账 賬账 單单 號号 戶户 費费 銷销 訂订 閱阅 續续 訴诉 訟讼 師师 權权 護护 隱隐 資资 料料 個个 開开 關关 閉闭 " +
	"盜盗 騙骗 詐诈 釣钓 魚鱼 異异 錄录 密密 碼码 殺杀 傷伤 輕轻 觸触 燒烧 燙烫 爆爆 冒冒 氣气 複复 復复 重重 亂乱 誤误 筆笔 發发 問问 題题 無无 視视 規规 則则 " +
	"過过 審审 核核 執执 統统 詞词 記记 憶忆 從从 現现 處处 實实 係系 繫系 繋系 経经 經经 營营 線线 終终 結结 絶绝 絕绝 與与 後后 來来 時时 間间 價价 額额 億亿 條条 約约 " +
	"檔档 據据 廣广 慶庆 歡欢 樣样 沒没 決决 戰战 歲岁 區区 醫医 門门 頁页 項项 須须 預预 領领 頻频 願愿 類类 顯显 騷骚 擾扰 擔担 備备 傳传 價价 儘尽 優优 僅仅 兒儿 內内 兩两 " +
	"凍冻 別别 剛刚 動动 勸劝 卻却 厲厉 參参 嚴严 嗶哔 噁恶 國国 圍围 場场 塊块 壞坏 夠够 媽妈 學学 將将 尋寻 嘗尝 導导 層层 幣币 幾几 庫库 廳厅 張张 強强 彈弹 徵征 態态 慘惨 慢慢 憑凭 懷怀 " +
	"換换 揚扬 損损 搶抢 撥拨 擊击 擇择 敗败 數数 斷断 書书 東东 極极 構构 標标 檢检 歐欧 歷历 殘残 毀毁 氣气 測测 滅灭 滿满 漲涨 準准 溝沟 炸炸 煩烦 熱热 爺爷 爾尔 狀状 獨独 獲获 瑪玛 環环 產产 畫画 當当")

func pairs(list string) map[rune]rune {
	m := make(map[rune]rune)
	for p := range strings.FieldsSeq(list) {
		from, n := utf8.DecodeRuneInString(p)
		to, _ := utf8.DecodeRuneInString(p[n:])
		m[from] = to
	}
	return m
}

// plainHan writes one form of each character of han.
func plainHan(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x4e00 || r > 0x9fff {
			return r
		}
		if to, ok := han[r]; ok {
			return to
		}
		return r
	}, text)
}
