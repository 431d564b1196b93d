// emoji.js turns the shortcodes that cards and people use most into characters; an unknown code stays as written.

const table = `+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌
negative_squared_cross_mark ❎ warning ⚠️ rotating_light 🚨 bell 🔔 no_bell 🔕 fire 🔥 hourglass ⌛ hourglass_flowing_sand ⏳
alarm_clock ⏰ stopwatch ⏱️ clock1 🕐 calendar 📆 date 📅 spiral_calendar_pad 🗓️ lock 🔒 unlock 🔓 key 🔑 shield 🛡️ robot_face 🤖 brain 🧠
speech_balloon 💬 left_speech_bubble 🗨️ thought_balloon 💭 email 📧 envelope ✉️ incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤
telephone_receiver 📞 phone ☎️ iphone 📱 computer 💻 camera 📷 frame_with_picture 🖼️ paperclip 📎 link 🔗 pushpin 📌 round_pushpin 📍
memo 📝 pencil ✏️ pencil2 ✏️ page_facing_up 📄 scroll 📜 clipboard 📋 bookmark 🔖 label 🏷️ books 📚 open_book 📖 bulb 💡 mag 🔍
bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 ticket 🎫 moneybag 💰 money_with_wings 💸 credit_card 💳 receipt 🧾
package 📦 truck 🚚 gift 🎁 tada 🎉 sparkles ✨ star ⭐ star2 🌟 trophy 🏆 crown 👑 gem 💎 rocket 🚀 zap ⚡ boom 💥 eyes 👀 wave 👋
raised_hands 🙌 clap 👏 pray 🙏 muscle 💪 ok_hand 👌 point_right 👉 point_left 👈 point_up 👆 point_down 👇 handshake 🤝 writing_hand ✍️
raising_hand 🙋 bust_in_silhouette 👤 busts_in_silhouette 👥 technologist 🧑‍💻 scales ⚖️ gavel 🧑‍⚖️ judge 🧑‍⚖️ hammer_and_wrench 🛠️ wrench 🔧 gear ⚙️
smile 😄 smiley 😃 grinning 😀 slightly_smiling_face 🙂 blush 😊 joy 😂 wink 😉 thinking_face 🤔 neutral_face 😐 confused 😕 worried 😟
disappointed 😞 cry 😢 sob 😭 angry 😠 rage 😡 scream 😱 sweat_smile 😅 sunglasses 😎 heart ❤️ broken_heart 💔 green_heart 💚 blue_heart 💙
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 black_circle ⚫ white_circle ⚪
large_red_square 🟥 large_green_square 🟩 small_red_triangle 🔺 small_red_triangle_down 🔻 small_blue_diamond 🔹 small_orange_diamond 🔸
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️ arrows_counterclockwise 🔄
repeat 🔁 fast_forward ⏩ black_right_pointing_triangle ▶️ double_vertical_bar ⏸️ pause_button ⏸️ black_square_for_stop ⏹️ octagonal_sign 🛑 stop_sign 🛑
no_entry ⛔ no_entry_sign 🚫 construction 🚧 question ❓ grey_question ❔ exclamation ❗ bangbang ‼️ information_source ℹ️ new 🆕 sos 🆘 100 💯
crescent_moon 🌙 new_moon_with_face 🌚 sunny ☀️ cloud ☁️ partly_sunny ⛅ snowflake ❄️ umbrella ☔ globe_with_meridians 🌐 earth_africa 🌍 earth_americas 🌎
house 🏠 office 🏢 convenience_store 🏪 airplane ✈️ car 🚗 coffee ☕ pizza 🍕 cake 🍰 wastebasket 🗑️ mailbox_with_mail 📬 mega 📣 loudspeaker 📢
shopping_trolley 🛒 shopping_bags 🛍️ card_index 📇 file_folder 📁 triangular_flag_on_post 🚩 checkered_flag 🏁 white_flag 🏳️ medal 🏅 dart 🎯 hand ✋`;

const emoji = new Map();
const words = table.split(/\s+/);
for (let i = 0; i + 1 < words.length; i += 2) emoji.set(words[i], words[i + 1]);

/** The character for a shortcode without colons, or undefined. A skin tone is dropped. */
export const emojiFor = (name) => emoji.get(name.replace(/::skin-tone-\d$/, ""));

/** Plain text with its shortcodes replaced. */
export const withEmoji = (text) =>
  String(text).replace(/:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/g, (whole, name) => emojiFor(name) ?? whole);
