package bot

// What the bot tells of a week, and how the community does.
const (
	digestIs       = "📰 The week in {community}\n{list}"
	digestRequests = "🙏 {n} new: {list}"
	digestOffers   = "🎁 {n} new: {list}"
	digestOpen     = "🙋 Still looking for help, {n}: {list} (/board requests)"
	digestMetIs    = "✅ Met, {n}: {list}"
	digestTrades   = "🤝 Helped each other {trades}, {hours} in all"
	digestThanks   = "💛 Thanks given: {n}"
	digestWelcome  = "👋 Welcome, {list}!"
	digestHead     = "📒 The books add up; newest hash {head}"

	nearFloor        = "You're at {balance}, and your floor is {floor}. If you have an hour to give, these would bring you back up:\n{list}"
	nearFloorAlone   = "You're at {balance}, and your floor is {floor}. Nobody asks for help just now; an offer of yours on the board (/offer) would bring somebody."
	nearCeiling      = "You're at {balance}, and your ceiling is {ceiling}: you've given a lot. Perhaps something for yourself?\n{list}"
	nearCeilingAlone = "You're at {balance}, and your ceiling is {ceiling}: you've given a lot. Is there something others could do for you? /request asks them."
	statementIs      = "Your {month}: {count}. You gave {gave} and got {got}. You're at {balance} now, and can go from {floor} to {ceiling}. /history has each of them."

	weekIs         = "🗓 What needs a look this week\n{list}"
	weekUnmetIs    = "🙏 Nobody has come for {n}: {list}"
	weekPendingIs  = "✋ Waiting for a ✅ from one of you, {n}: {list}"
	weekApplicants = "👋 Waiting to be let in: {n} (/pending)"
	weekLateIs     = "⚖️ Cases open for more than two weeks: {n}"
	weekFeedbackIs = "💬 Feedback (/feedback): {list}"
	weekSilentIs   = "🌙 Nothing heard of {list} for a long while, and no answer to me. Could one of you look in on them?"

	healthIs      = "🌱 How {community} does: hours by week, and how often"
	healthWeek    = "{week} {bar} {hours} ({n})"
	healthActive  = "{n} of {all} gave or got help in 30 days"
	healthMatch   = "Until somebody comes: {time}, typically ({n})"
	healthUnmet   = "Nobody yet for: {list}"
	healthGivers  = "The busiest {n} of {all} who helped gave {share}% of the hours"
	healthFloor   = "Near the floor: {list}"
	healthCeiling = "Near the ceiling: {list}"
	healthSilent  = "Silent for 90 days: {n}"
	healthCase    = "The oldest open case: {time}"
	roundIs       = "{a} could help {b} (“{texta}”), {b} could help {c} (“{textb}”), {c} could help {a} (“{textc}”)"
	roundHint     = "{round}. All three would be helped, and nobody would owe anybody. 🙋 on the card, if you like the idea."
	couldGive     = "{who} could do “{text}” for {author}"
	couldGet      = "{who} might like “{text}” by {author}"
)
