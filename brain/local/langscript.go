package local

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// scripts lists the writings that name a language by themselves.
var scripts = []struct {
	table *unicode.RangeTable
	lang  string
}{
	{unicode.Hangul, "ko"},
	{unicode.Cyrillic, "ru"},
	{unicode.Arabic, "ar"},
	{unicode.Hebrew, "he"},
	{unicode.Greek, "el"},
	{unicode.Thai, "th"},
	{unicode.Devanagari, "hi"},
	{unicode.Georgian, "ka"},
	{unicode.Armenian, "hy"},
	{unicode.Bengali, "bn"},
	{unicode.Tamil, "ta"},
}

// letterCount is how many letters of each writing a text has.
type letterCount struct {
	all, latin, kana, han int
	script                []int // as in scripts
}

func countLetters(text string) letterCount {
	c := letterCount{script: make([]int, len(scripts))}
	for _, r := range text {
		switch {
		case r < 0x80 && !unicode.IsLetter(r) || !unicode.IsLetter(r) && !unicode.IsMark(r):
			continue
		case r < 0x250 || r >= 0x1e00 && r < 0x1f00:
			c.latin++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			c.kana++
		case unicode.Is(unicode.Han, r):
			c.han++
		default:
			if i := scriptOf(r); i >= 0 {
				c.script[i]++
			}
		}
		c.all++
	}
	return c
}

func scriptOf(r rune) int {
	for i, s := range scripts {
		if unicode.Is(s.table, r) {
			return i
		}
	}
	return -1
}

// byScript tells the language where the writing does, and reports false where Latin letters must be read. One letter of
// another writing weighs as much as three Latin ones: product names stay in Latin everywhere.
func byScript(text string) (guess, bool) {
	c := countLetters(text)
	best := slices.Index(c.script, slices.Max(c.script))
	n, dense := c.script[best], c.han+c.kana
	switch {
	case c.all == 0:
		return guess{}, true
	case n > dense && 3*n >= c.latin:
		return languageOf(best, n, text), true
	case dense == 0 || 4*dense < c.latin:
		return guess{}, false
	case 10*c.kana >= c.han && c.kana > 0: // Japanese is never without kana for long
		return guess{"ja", manyLetters(dense)}, true
	default:
		return hanOnly(text, dense), true
	}
}

// languageOf is the language of a writing. Those that several languages share are told apart by letters or, for Cyrillic, by
// words.
func languageOf(script, n int, text string) guess {
	g := guess{scripts[script].lang, manyLetters(n)}
	switch g.lang {
	case "ar":
		switch {
		case strings.ContainsAny(text, "ٹڈڑےں"):
			g.lang = "ur"
		case strings.ContainsAny(text, "پچژگک"):
			g.lang = "fa"
		}
	case "ru":
		switch {
		case strings.ContainsAny(text, "ђјљњћџЂЈЉЊЋЏ"):
			g.lang = "sr"
		case strings.ContainsAny(text, "ўЎ"):
			g.lang = "be"
		case strings.ContainsAny(text, "іїєґІЇЄҐ"):
			g.lang = "uk"
		case !strings.ContainsAny(text, "ыэъёЫЭЪЁ"):
			g = russianOrUkrainian(text, n, g.p)
		}
	}
	return g
}

// missingI is what every letter says against Ukrainian when none of a text's is і or ї, which are one in twelve.
const missingI = 0.087

// russianOrUkrainian goes by the words where no letter decides. n is the number of letters.
func russianOrUkrainian(text string, n int, most float64) guess {
	m := cyrillicModel()
	h := m.hear(text)
	ru, uk := slices.Index(m.langs, "ru"), slices.Index(m.langs, "uk")
	p := 1 / (1 + math.Exp(dulled*(h.score(ru)-h.score(uk))+missingI*float64(n)))
	if p > 0.5 {
		return guess{"uk", min(most, p)}
	}
	return guess{"ru", min(most, 1-p)}
}

// manyLetters is how sure a writing makes: a single letter may be a symbol.
func manyLetters(n int) float64 { return min(1, 0.8+0.1*float64(n)) }

// Characters that only one of the two uses: simplified ones and pronouns there, the simplifications of its own here. Those
// of frequentChinese stand in Japanese compounds too. Japanese without kana is rare and short ("注文確認").
const (
	chineseOnly = "吗嗎你您们們这這么麼怎哪呢吧啊她它咱俩啥很让讓给谁为从还跟够啦呀嘛喂哦噢嗯唉说话谢对应该实现样过进远运达边迟选总结经线级组织约红纪纸练终统续维网罚规视觉计订认讨训议记讲许论设访证评识诉词译试诚询详语误请课调谈负财责败账货质购贴费资赔赚转轮软轻载较辆输车门闭问间闻队阳际陆险难电预领频题颜风飞饭饮馆马驾验鱼鸡东乐" +
		"买卖亲务单厂发变处备复头夹夺奖妈孙审宽导层岁币师带帮库废开张归录态怀恶惊愿战户执扩扫护报换损摄无时显杀权杂极构标树桥检欢毕测济浏润涨渐满滤灭热爱牵犹狱环畅疗盖盘码确离种稳穷签简类紧纠纯纳绑绍绝绩绿缓编缘缩罗联职胜脑脸药获营蚁补誊贺赠赢赶趋跃踪躯轨轴迁迹适逻郑释钱钟钥铁银锁错键镇长闪闹阅阶陈雾页顶项顺须顾饰骗骤"
	frequentChinese = "的没都把被了我是在不有个個好要和也就多可以到家能看想等"
	japaneseOnly    = "気図発売済払込働広団応悪変戻検続駅価経様録届対処択証拡涙歩黒弾単戦帰両乗価仮剤勧桜検権焼県読訳駆験"
)

func hanOnly(text string, n int) guess {
	zh, ja := 0, 0
	for _, r := range text {
		switch {
		case strings.ContainsRune(japaneseOnly, r):
			ja += 2
		case r > 0x80 && strings.ContainsRune(chineseOnly, r):
			zh += 2
		case strings.ContainsRune(frequentChinese, r):
			zh++
		}
	}
	switch {
	case ja > zh:
		return guess{"ja", min(0.95, 0.7+0.1*float64(ja))}
	case zh < 2 && n <= 6: // both could write this
		return guess{"zh", 0.75}
	default:
		return guess{"zh", manyLetters(n)}
	}
}
