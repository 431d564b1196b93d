package local

import "regexp"

var (
	// signOff matches a line that begins a signature, with the name behind it or without; its group "closing" is the words.
	signOff = regexp.MustCompile(`(?i)^\s*(--\s*$|—\s*$|` + mobile + `|` +
		`((?P<closing>` + closingWords + `)[\s,.!。、～~]*(?-i:[-–—]?\s?\p{Lu}[\pL'’]+\.?([ -]\p{Lu}[\pL'’]*\.?){0,2})?|此致\s*敬礼)[\s,.!。！]*$)`)
	// disclaimer matches the beginning of what lawyers have mail programs append.
	disclaimer = regexp.MustCompile(`(?i)^\W{0,4}((this|the information (contained )?in this) (e-?mail|message|communication|` +
		`transmission)\b.{0,120}\b(confidential|intended|privileged|solely)|confidentiality (notice|note)|` +
		`(legal )?disclaimer\s*:|please consider the environment|if you (are not the intended recipient|have received this (e-?mail|message) in error)|` +
		`diese (e-?mail|nachricht)\b.{0,120}\bvertraulich|der inhalt dieser e-?mail|vertraulichkeitshinweis|bitte denken sie an die umwelt|` +
		`(ce (message|courriel|mail)|cet e-?mail|le contenu de ce)\b.{0,160}\bconfidentiel|avis de confidentialité|pensez à l['’]environnement|` +
		`(este (mensaje|correo)|la información contenida en este)\b.{0,160}\bconfidencial|aviso (legal|de confidencialidad|de confidencialidade)|` +
		`antes de imprimir este|` +
		`(esta (mensagem|comunicação)|este e-?mail)\b.{0,160}\bconfidencia(l|is)|(questo messaggio|questa e-?mail|` +
		`le informazioni contenute in quest)\b.{0,160}\b(riservat|confidenzial)|` +
		`(dit bericht|deze e-?mail|de informatie in dit)\b.{0,160}\bvertrouwelijk|(ta wiadomość|niniejsza wiadomość|` +
		`treść tej wiadomości)\b.{0,160}\bpoufn|` +
		`(このメール|本メール|この電子メール).{0,60}(機密|秘密)|(本邮件|此邮件|本电子邮件|本郵件).{0,60}(保密|机密|機密))`)
	// greeting matches a salutation at the very start.
	greeting = regexp.MustCompile(`(?i)^\s*(hi|hiya|hello|hey|dear|to whom it may concern|sir|madam|good (morning|afternoon|evening|day)|` +
		`greetings|hallo|guten (tag|morgen|abend)|moin|servus|grüß gott|grüezi|sehr geehrte[rs]?|liebe[rs]?|werte[rs]?|` +
		`bonjour|bonsoir|salut|chère?s?|cher[s]?|madame|monsieur|messieurs|hola|buen(os|as)? (días|tardes|noches|día)|estimad[oa]s?|` +
		`apreciad[oa]s?|querid[oa]s?|` +
		`ciao|buongiorno|buonasera|salve|gentil[ei](ssim[oaie])?|spett(\.|abile)( le)?|egregi[oa]?|car[oia]s?|olá|oi|bom dia|boa (tarde|noite)|` +
		`prezad[oa]s?|` +
		`hoi|goedemorgen|goedemiddag|goedenavond|goedendag|beste|geachte|dzień dobry|dobry wieczór|witam|witajcie|cześć|szanown[iay]( (państwo|` +
		`pani|panie))?|hej|hei|god (dag|morgen))(\b|\s)[^\n,!.?:;]{0,60}[,!.:\n]+\s*`)
	// greetingDense matches one in a script without blanks.
	greetingDense = regexp.MustCompile(`^\s*(こんにちは|こんばんは|おはようございます|お世話になっております|お世話になります|ご担当者様|担当者様|拝啓|您好|你好|各位好|早上好|下午好|尊敬的\p{Han}{1,12}|` +
		`亲爱的\p{Han}{1,12})[\s,，、。！!：:]+`)
	// nameLine matches a last line that holds a name and nothing else.
	nameLine = regexp.MustCompile(`^\s*[-–—~]?\s*\p{Lu}[\pL'’]+([ -]\p{Lu}[\pL'’]*\.?){0,2}\s*$`)
)

// notNames are words that a salutation does not hold: with one of them the sentence has begun. Articles stand in names as well
// ("Hello to the team,"), so they count only where a point ends it.
var (
	notNames = folded("my i i'm im i've ive we our is are was can could would do does did what where when how why who just need have has want " +
		"any got please it's its this that if not " +
		"ich wir mein meine meinen wo wie was wann warum ist sind kann können habe haben bitte seit nicht " +
		"je j nous mon ma mes est où comment quand pourquoi puis pouvez depuis pas " +
		"yo mi mis es está dónde cómo cuándo puedo pueden tengo quiero no se me " +
		"eu meu minha onde posso podem tenho quero não " +
		"ho mio mia dove potete vorrei non " +
		"ik mijn wij waar wanneer kunt heb niet " +
		"mam mój moja gdzie kiedy jak czy jest nie mogę proszę")
	articleWords = folded("the a an der die das ein eine le la les un une el los las una o os as uma il lo gli de het een")
)

// postscripts matches the beginning of what is written under a signature.
var postscripts = regexp.MustCompile(`(?i)^\s*p\.?\s?s\.?\s?[:.,-]?\s`)

// mobile are the lines that programs put under a mail.
const mobile = `sent (from|via|with|using) (my|mail|yahoo|outlook|gmail|proton|the|an?|samsung|iphone|android|mobile|a mobile|front)\b|` +
	`get outlook for |this (e-?mail|message) was sent from my |` +
	`(diese nachricht wurde )?(von|mit) (meinem|meiner|der) .{0,40}(gesendet|verschickt|geschickt)|gesendet (von|mit|aus) |outlook für (ios|` +
	`android)|holen sie sich outlook|` +
	`envoyé (de(puis)?|à partir de|avec|via) |télécharge[rz] outlook|obtenir outlook pour|enviado (desde|do|de|a partir d[oe]|através d[oe]) |` +
	`enviada d[oe] |(obtener|descargar|obter|obtenha) (o )?outlook (para|for)|` +
	`inviato d(a|al|alla|allo)\b|(ottieni|scarica) outlook per|(verstuurd|verzonden) (vanaf|via|met|vanuit) |(download|haal) outlook voor|` +
	`outlook voor (ios|android)|` +
	`wysłan[eoay] (z|ze|za pomocą|przez) |pobierz (aplikację )?outlook|.{0,20}(iphone|ipad|android|スマートフォン|携帯)から送信|发自我的|發自我的|从我的.{0,20}发送|` +
	`從我的.{0,20}傳送|来自我的`

// closingWords are what people end a mail with, in their own line.
const closingWords = `(with )?((my|our) )?(very )?(best|kind|kindest|warm|warmest|many) (regards|wishes|thanks)|regards|cheers|sincerely|` +
	`respectfully|(yours|your)( truly| sincerely| faithfully)|yours|thanks( (a lot|so much|in advance|again|and regards|for your (help|time|` +
	`support)))?|many thanks( in advance)?|thank you( (so much|very much|in advance|again|kindly|for your (help|time|support)))?|thx|best|` +
	`all the best|take care|` +
	`(mit )?(freundlichen?|freundlichem|besten?|viele[nr]?|liebe[nr]?|herzliche[nr]?|schöne[nr]?|sonnige[nr]?) (grüße[n]?|gruß|gruss|` +
	`grüsse[n]?|dank)|gr(uß|üße)|hochachtungsvoll|mfg|vg|lg|bg|danke( (im voraus|schön|vielmals))?|vielen dank( (im voraus|vorab|` +
	`für ihre (hilfe|mühe|unterstützung)))?|besten dank( im voraus)?|` +
	`(bien )?(cordialement|à vous)|(très )?cordialement|(sincères|meilleures|bonnes|mes) (salutations|amitiés)|salutations( distinguées)?|` +
	`bien à vous|respectueusement|bonne (journée|soirée)|merci( (d['’]avance|beaucoup|par avance|bien))?|` +
	`(un )?(cordial saludo|saludo cordial|saludos( (cordiales|atentos))?|abrazo)|atentamente|le saluda atentamente|(muchas |` +
	`mil )?gracias( (de antemano|por su (ayuda|atención)))?|` +
	`(cordiali|distinti|migliori|cari) saluti|cordialmente|(un )?(saluto|saluti)|(tante |mille )?grazie( (mille|in anticipo|tante))?|` +
	`(com os )?(melhores|meus) cumprimentos|cumprimentos|atenciosamente|atentamente|abraços?|(muito )?obrigad[oa]( (pela (ajuda|atenção)|` +
	`desde já))?|desde já (obrigad[oa]|agradeço)|` +
	`(met )?(vriendelijke|hartelijke|beste) (groet(en|jes)?)|groet(en|jes)?|hoogachtend|mvg|(alvast )?bedankt|(hartelijk )?dank( u wel|` +
	` je wel)?( alvast)?|` +
	`(serdecznie )?pozdrawiam( serdecznie)?|pozdrowienia|z (poważaniem|wyrazami szacunku)|dziękuję( z góry)?|z góry dziękuję|` +
	`med vänlig hälsning|mvh|med venlig hilsen|(どうぞ|何卒|以上、?)*(よろしく|宜しく)(お願い(いた|致)?し(ます|申し上げます)|お願い申し上げます)|敬具|以上(です)?|ありがとうございます|此致|敬礼|顺祝商祺|祝好|` +
	`祝商祺|(非常)?(谢谢|感谢)(您|你|大家)?|多谢|盼复|期待(您的)?回复`
