package storage

import (
	"strings"

	"communityconnect/community"
)

// record tells what one table holds of people. Everything that shows a person their own
// data or forgets them goes by it, and a test holds it against the schema: a new column
// is shown and forgotten, or it says here why not.
//
// In the conditions ?1 is the member's number, ?2 their account and ?3 who they are on
// the line.
type record struct {
	table string
	title string // over the person's own rows; "" where none are shown
	seen  string // who else sees them; "" for nobody but whoever runs the computer
	of    string // which rows those are
	from  string // what they are read from, if it is not simply the table
	order string // newest first
	// columns names every column and what it holds:
	//
	//	name          shown as it is
	//	name:time     seconds; so millis, and amount for minutes
	//	name:member   somebody's number; so account, and person for who they are on the line
	//	name:words    what was written: anybody may be named in it
	//	name:quotes   what the bot made of such words, or was asked to do: it may repeat them
	//	name:message  either, as the line's JSON
	//	name:text     a row of text with such words
	//	name:-        not shown, see why
	columns string
	why     string   // why something is not shown
	forget  []string // what forgetting a person does to the table
	old     []string // what forgetting the old words of somebody who stays does
}

// column is one column of a record.
type column struct{ name, holds string }

func (r record) split() (all []column) {
	for _, word := range strings.Fields(r.columns) {
		name, holds, _ := strings.Cut(word, ":")
		all = append(all, column{name, holds})
	}
	return all
}

// shown are the columns that a person gets to see of their own rows.
func (r record) shown() (all []column) {
	for _, c := range r.split() {
		if c.holds != "-" && r.title != "" {
			all = append(all, c)
		}
	}
	return all
}

// eraseText begins the statements that take away the words of an entry, a reason, a case.
const eraseText = "UPDATE text SET salt = NULL, body = NULL WHERE "

// alone is the condition that nobody else of the household is a member still.
const alone = "NOT EXISTS (SELECT 1 FROM member WHERE account = ?2 AND id <> ?1 AND status <> 'former')"

// ownTransfers puts together what belongs to one trade: that a part of it went past the
// other side to the commons tells where the other side stands.
const ownTransfers = `(SELECT min(t.id) AS id, max(t.kind) AS kind, t.trade, t.at, t.text,
		sum(CASE t.to_account WHEN ?2 THEN t.minutes ELSE -t.minutes END) AS minutes,
		CASE WHEN r.id IS NULL THEN CASE t.to_account WHEN ?2 THEN t.from_account ELSE t.to_account END
			WHEN r.giver = ?2 THEN r.receiver ELSE r.giver END AS to_account
	FROM transfer t LEFT JOIN trade r ON r.id = t.trade WHERE t.from_account = ?2 OR t.to_account = ?2
	GROUP BY coalesce(t.trade, -t.id), t.kind = 'reversal')`

// records lists every table.
func records() []record {
	return append(personalRecords(), lineRecords()...)
}

// personalRecords are the tables about people and what they do.
func personalRecords() []record {
	return []record{
		{table: "member", title: "You", seen: "members: the name, since when, the words about yourself; the council: the rest, but for the account on the line", of: "id = ?1", columns: "id:- account:- person:person name about:words status council met deaf nameless frozen_at:millis joined_at:time folded:- sponsor_hears suspended_from left_council:time lost lost_by:- lost_at:time heard_at:time",
			why: "numbers of rows, the name once more in the form for comparing, and who was worried about your phone",
			forget: []string{`UPDATE member SET person = NULL, name = '` + community.FormerName + `', folded = '~' || ?1, about = '', council = 0, met = 0, deaf = 0,
				frozen_at = 0, lost = 0, sponsor_hears = 0, nameless = 0 WHERE id = ?1`}},
		{table: "earlier_name", title: "What you were called before", of: "member = ?1", columns: "member:- name", why: "it is you",
			forget: []string{"DELETE FROM earlier_name WHERE member = ?1"}, old: []string{"DELETE FROM earlier_name WHERE member = ?1"}},
		{table: "account", title: "Your account", seen: "the council: the limits, not the balance", of: "id = ?2", columns: "id kind:- balance:amount floor:amount ceiling:amount own_limits latest:-",
			why: "always a member's; and which entry is the newest, see there"},
		{table: "trade", title: "Your trades", seen: "the other side; everybody in the group, where it was logged in the group", of: "giver = ?2 OR receiver = ?2 OR logged_by = ?2", order: "id",
			columns: "id giver:account receiver:account logged_by:account minutes:amount text:text version:- giver_confirmed:- receiver_confirmed:- spill:- held:amount state created_at:time expires_at:- ended_at:time",
			why:     "how far the other side had answered, and whether their ceiling was in the way, is theirs",
			forget:  []string{eraseText + "id IN (SELECT text FROM trade WHERE giver = ?2 OR receiver = ?2 OR logged_by = ?2) AND " + alone},
			old:     []string{eraseText + "id IN (SELECT text FROM trade WHERE logged_by = ?2 AND state <> 'proposed' AND state <> 'disputed')"}},
		{table: "transfer", title: "Your entries in the books", seen: "the other side; nobody else learns a balance", of: "1", from: ownTransfers, order: "id",
			columns: "id from_account:- to_account:account minutes:amount kind trade reverses:- at:time text:text digest:- hash:-",
			why:     "you are one of the two sides; the hashes seal the whole book",
			forget:  []string{eraseText + "id IN (SELECT text FROM transfer WHERE from_account = ?2 OR to_account = ?2) AND " + alone}},
		{table: "text", columns: "id:- salt:- body:words", why: "shown where it belongs: a trade, an entry, an act of the council"},
		{table: "thanks", title: "Whom you thanked", seen: "members: how many, not who", of: "by = ?2", order: "at", columns: "trade by:- whom:account at:time", why: "the side of your household; who thanked you is in your profile, as a number"},
		{table: "post", title: "What you offered and asked for", seen: "everybody in the group", of: "author = ?1", order: "id",
			columns: "id kind author:- category text:words minutes:amount whenever:words wanted state created_at:time expires_at:time ended_at:time", why: "it is you",
			forget: []string{"UPDATE post SET text = '', whenever = '', category = '', state = CASE state WHEN 'open' THEN 'closed' ELSE state END WHERE author = ?1"},
			old:    []string{"UPDATE post SET text = '', whenever = '', category = '' WHERE author = ?1 AND state <> 'open'"}},
		{table: "taker", title: "Posts you took up", seen: "whose post it is; everybody in the group, where it was said there", of: "member = ?1", order: "at", columns: "post member:- at:time", why: "it is you",
			forget: []string{"DELETE FROM taker WHERE member = ?1"}},
		{table: "vouch", title: "Who has stood for whom after a new phone", seen: "the council", of: "member = ?1 OR by = ?1", order: "at", columns: "member:member by:member at:time"},
		{table: "sponsor", title: "Who vouched for whom on the way in", seen: "members, in the profile", of: "member = ?1 OR by = ?1", order: "at", columns: "member:member by:member at:time"},
		{table: "voucher", title: "Whom you stand for just now", of: "by = ?1", order: "at", columns: "applicant:- by:- at:time", why: "they are no member yet, and nobody learns of them here"},
		{table: "wrong_code", title: "Codes you mistyped", of: "by = ?1", order: "at", columns: "by:- at:millis", why: "it is you", forget: []string{"DELETE FROM wrong_code WHERE by = ?1"}},
		{table: "applicant", title: "What you asked for on the way in", seen: "whoever is asked to vouch: the name and the code; the council", of: "person = ?3", columns: "id:- person:person code kind name:words member:- met greeting:- refuted asked_at:time expires_at:time", why: "numbers, and who you said you were",
			forget: []string{"DELETE FROM voucher WHERE applicant IN (SELECT id FROM applicant WHERE person = ?3 OR member = ?1)", "DELETE FROM applicant WHERE person = ?3 OR member = ?1"}},
		{table: "candidate", title: "Your way to the council", seen: "everybody in the group, while it is announced", of: "member = ?1", columns: "member:- backed_by:member due_at:time", why: "it is you", forget: []string{"DELETE FROM candidate WHERE member = ?1"}},
		{table: "proposal", title: "What you proposed", seen: "everybody in the group", of: "author = ?1", order: "id",
			columns: "id author:- text:text setting value:words line:words parties:- state opened_at:time closes_at:time effect_at:time votes_for votes_against entitled", why: "it is you; and who has no vote on it is said in its words",
			forget: []string{eraseText + "id IN (SELECT text FROM proposal WHERE author = ?1)",
				"UPDATE proposal SET value = iif(line = '', value, ''), line = '' WHERE author = ?1 AND state <> 'open' AND state <> 'passed'"}},
		{table: "ballot", title: "How your household voted", seen: "everybody in the group, where it was a tap there", of: "account = ?2", order: "at", columns: "proposal account:- member:member vote at:time", why: "it is yours"},
		{table: "dispute", title: "Cases you had a part in", seen: "the two, their mediator; the council, once it is passed on", of: "opener = ?1 OR answerer = ?1 OR mediator = ?1", order: "id",
			columns: "id trade opener:member opener_account:- answerer:member mediator:member stage verdict minutes:amount reason:text opener_agrees:- answerer_agrees:- opened_at:time due_at:time hold_until:time closed_at:time",
			why:     "the opener's household, and how far the other side had answered",
			forget:  []string{eraseText + "id IN (SELECT reason FROM dispute WHERE opener = ?1 OR answerer = ?1 OR mediator = ?1)"}},
		{table: "statement", title: "What you said about a case", seen: "the mediator; the council, once the case is passed on", of: "member = ?1", order: "id", columns: "id:- dispute member:- text:text at:time", why: "it is you",
			forget: []string{eraseText + "id IN (SELECT text FROM statement WHERE member = ?1)"},
			old:    []string{eraseText + "id IN (SELECT s.text FROM statement s JOIN dispute d ON d.id = s.dispute WHERE s.member = ?1 AND d.stage = 'closed')"}},
		{table: "witness", title: "Who was named as a witness by whom", seen: "the two, their mediator", of: "member = ?1 OR by = ?1", columns: "dispute member:member by:member"},
		{table: "mediator", title: "That you would mediate", of: "member = ?1", columns: "member:- turn_at:millis", why: "it is you", forget: []string{"DELETE FROM mediator WHERE member = ?1"}},
		{table: "away", title: "Your pause", seen: "members: that you are away; the council: that nothing was heard of you", of: "member = ?1", columns: "member:- why since:time until:time told", why: "it is you", forget: []string{"DELETE FROM away WHERE member = ?1"}},
		{table: "leaving", title: "That you are leaving", seen: "the council, once your time to even out is over", of: "member = ?1", columns: "member:- since:time until:time floor:amount ceiling:amount own_limits:- told", why: "it is you"},
		{table: "council_log", title: "What you did for the council", seen: "the council", of: "actor = ?1 OR seconder = ?1", order: "id", columns: "id:- at:time actor:member seconder:member act text:text", why: "a number",
			forget: []string{eraseText + "id IN (SELECT text FROM council_log WHERE actor = ?1)"}},
		{table: "feedback", title: "What you told the council, with your name", seen: "the council", of: "member = ?1", order: "id", columns: "id:- member:- at:time text:words", why: "it is you",
			forget: []string{"DELETE FROM feedback WHERE member = ?1"}, old: []string{"DELETE FROM feedback WHERE member = ?1"}},
		{table: "nudge", title: "What I wanted to remind you of", of: "member = ?1", order: "id",
			columns: "id:- member:- kind key:- text:quotes how:quotes topic:- topic_id:- version:- question:quotes state made_at:time best_before:- ended_at:time bundle:- place:-",
			why:     "numbers by which an answer finds its way", forget: []string{"DELETE FROM nudge WHERE member = ?1"}, old: []string{"UPDATE nudge SET text = '', how = '', question = '' WHERE member = ?1 AND state <> 'waiting'"}},
		{table: "nudge_choice", title: "Which reminders you want", of: "member = ?1", columns: "member:- kind wanted", why: "it is you", forget: []string{"DELETE FROM nudge_choice WHERE member = ?1"}},
		{table: "erasure", columns: "member:- whole:- asked_at:- done:-", why: "it is gone as soon as you are forgotten"},
		{table: "community", columns: "id:- name:- timezone:- created_at:-", why: "about all together"},
		{table: "alarm", columns: "id:- kind:- detail:- since:- told_at:- cleared_at:-", why: "about the machine and the books, never about people"},
		{table: "job", columns: "name:- due:- ran_at:-", why: "when the bot did what"},
		{table: "policy", columns: "name:- value:- voted:-", why: "about all together"},
	}
}

// lineRecords are the tables about messages, and about the web pages.
func lineRecords() []record {
	return []record{
		{table: "inbox", title: "What you wrote to me, while I keep it", of: "sender = ?3", order: "id", columns: "id:- sent:millis sender:- kind arrived:millis state:- message:message", why: "numbers, and that it was handled",
			forget: []string{"UPDATE inbox SET message = NULL, sender = 'gone-' || ?1 WHERE sender = ?3"}, old: []string{"UPDATE inbox SET message = NULL WHERE sender = ?3"}},
		{table: "outbox", title: "What I wrote to you", of: "to_person = ?3", order: "id",
			columns: "id:- to_group:- to_person:- act message:message topic:- topic_id:- version:- state attempts:- created_at:millis sent:millis unasked:-",
			why:     "how often it was tried, whether it keeps the quiet hours, and by which number an answer finds its way",
			forget:  []string{"UPDATE outbox SET message = NULL, to_person = '', state = CASE state WHEN 'sent' THEN 'sent' ELSE 'failed' END WHERE to_person = ?3"}},
		{table: "said", title: "Which of my messages you can answer", of: "to_person = ?3", order: "sent", columns: "sent:millis to_group:- to_person:- topic topic_id version:- original:-",
			why: "numbers by which an answer finds its way", forget: []string{"DELETE FROM said WHERE to_person = ?3"}},
		{table: "question", title: "What I asked you, or others for you", seen: "whoever was asked", of: "asked = ?1 OR asker = ?1", order: "id",
			columns: "id:- kind asked:member asker:member topic_id:- version:- line:quotes options:quotes to_group:- to_person:- state asked_at:millis expires_at:millis",
			why:     "numbers by which an answer finds its way",
			forget:  []string{"UPDATE question SET line = '', options = '', to_person = '', state = CASE state WHEN 'open' THEN 'withdrawn' ELSE state END WHERE asked = ?1 OR asker = ?1"},
			old:     []string{"UPDATE question SET line = '', options = '' WHERE asker = ?1 AND state <> 'open'"}},
		{table: "stranger", title: "When I answered you before you were a member", of: "person = ?3", columns: "person:- answered:time", why: "it is you", forget: []string{"DELETE FROM stranger WHERE person = ?3"}},
		{table: "roster", title: "Groups I know you to be in", seen: "everybody in the group, by Signal", of: "person = ?3", columns: "to_group:- person:person", why: "which of the two it is, you see on your phone; it goes when you leave the group"},
		{table: "missed", title: "Messages to the group that did not reach you", seen: "the council: the name", of: "person = ?3", columns: "person:- why times last:time", why: "it is you", forget: []string{"DELETE FROM missed WHERE person = ?3"}},
		{table: "undecoded", columns: "id:- arrived:- line:-", why: "nobody could read them, so nobody knows whose they are; they go after 30 days",
			forget: []string{"DELETE FROM undecoded WHERE ?3 <> '' AND instr(CAST(line AS TEXT), ?3) > 0"}},
		{table: "self", columns: "id:- person:-", why: "it is the bot"},
		{table: "restored", columns: "id:- as_of:-", why: "about the file"},
		{table: "portal_link", title: "Links to your pages that still work", of: "member = ?1", columns: "digest:- member:- expires_at:time", why: "a secret of yours that I don't know myself",
			forget: []string{"DELETE FROM portal_link WHERE member = ?1"}},
		{table: "portal_password", title: "Your name and password for the pages", of: "member = ?1", columns: "member:- name folded:- hash:- changed_at:time", why: "the password itself is not kept, and its hash is of use to thieves only",
			forget: []string{"DELETE FROM portal_password WHERE member = ?1"}},
		{table: "portal_login", title: "Where you are logged in", of: "member = ?1", order: "id", columns: "id:- member:- device by since:time seen:time expires_at:time", why: "numbers",
			forget: []string{"DELETE FROM portal_login WHERE member = ?1"}},
		{table: "portal_session", columns: "token:- data:- expires_at:-", why: "a number that leads to where you are logged in, see there"},
		{table: "portal_act", columns: "once:- said:- refused:- at:-", why: "an answer of the pages, kept for minutes so that a second tap changes nothing", forget: []string{"DELETE FROM portal_act"}, old: []string{"DELETE FROM portal_act"}},
	}
}
