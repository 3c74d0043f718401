//go:build long

package e2e

import (
	"strings"
	"testing"
)

// A community's first days: the program itself, with the real signal-cli between it and
// simulated people, who see exactly what they should and nothing else.
func TestBot(t *testing.T) {
	v := startVillage(t)
	v.start()
	for _, part := range []struct {
		name string
		play func(*village)
	}{
		{"founding", founding},
		{"hello", hello},
		{"board", playBoard},
		{"trades", playTrades},
		{"edited", playEdited},
	} {
		if !t.Run(part.name, func(t *testing.T) {
			v.t = t
			part.play(v)
			v.quiet()
		}) {
			v.t = t
			break
		}
	}
	v.t = t
}

// Everybody who is in the groups is in the books, and the bot introduces itself once.
func founding(v *village) {
	text := v.await("Alice", "the introduction", func(c content) bool { return c.Data != nil && v.placeOf(*c.Data) == riverside && c.Data.Body != "" }).Data.Body
	if !strings.HasPrefix(text, "👋 Hello! I'm the bot of Riverside.") || strings.Count(text, "\n") != 4 {
		v.t.Errorf("the introduction is %q", text)
	}
	v.gets("Bob", riverside, text)
	v.gets("Carol", riverside, text)
	v.all(council, outdated)
}

// What the council hears of a signal-cli as old as the one here has to be.
const outdated = "⚠️ The program that connects me with Signal is too old, and messages to me may get lost. Whoever looks after my computer: please update signal-cli."

// Who says hello in a direct message can be written to.
func hello(v *village) {
	for _, who := range []string{"Alice", "Bob", "Carol"} {
		v.say(who, direct, "hello")
		v.gets(who, direct, "Hello "+who+"! I keep the board and the books of Riverside: who offers what, who has helped whom. Tell me /help, or just /balance.")
	}
}

// An offer, a request, and a match.
func playBoard(v *village) {
	v.say("Carol", riverside, "/offer Ladder to lend, any evening")
	v.all(riverside, "🎁 Carol offers: Ladder to lend, any evening\n🙋 if you'd like that.")
	v.say("Alice", riverside, "/request Help to move five boxes on Saturday, 2h")
	card := v.all(riverside, "🙏 Alice asks: Help to move five boxes on Saturday, 2h\n🙋 if you can help.")
	v.tap("Bob", riverside, "🙋", card.Timestamp)
	for _, who := range []string{"Alice", "Bob"} {
		v.gets(who, direct, "Bob can help Alice with “Help to move five boxes on Saturday, 2h”. Sort out the details between you; when it's done, either of you tell me how long it took.")
	}
}

// A trade logged in the group and confirmed by a tap, and one between direct messages.
func playTrades(v *village) {
	v.say("Bob", riverside, "/gave @Alice 2h boxes")
	prompt := v.all(riverside, "@Alice, Bob says they gave you 2h (boxes). Is that right? ✅ yes · ❌ no, or reply with the right amount.")
	v.tap("Alice", riverside, "✅", prompt.Timestamp)
	v.allEdited(riverside, prompt.Timestamp, "✅ Recorded: Bob gave Alice 2h (boxes). Thank you both.")

	logged := v.say("Carol", direct, "/gave Bob 30m lift to town")
	v.reacted("Carol", direct, "👍", "Carol", logged)
	asked := v.gets("Bob", direct, "Carol says they gave you 30m (lift to town). Is that right? You'd go from +2h to +1h30; your floor is -50h.\n✅ yes · ❌ no, or tell me the right amount.")
	v.say("Bob", direct, "yes")
	v.gets("Carol", direct, "✅ Bob said yes: 30m (lift to town) is recorded. You're at +30m.")
	v.edited("Bob", direct, asked.Timestamp, "✅ Recorded: Carol gave Bob 30m (lift to town). You're at +1h30.")

	v.say("Carol", direct, "balance")
	v.gets("Carol", direct, "You're at +30m. You can get up to 50h30 of help, and give up to 99h30.")
}

// A command that becomes one by an edit is not carried out, and its author hears why.
func playEdited(v *village) {
	sent := v.say("Bob", riverside, "/gav @Carol 5h painting")
	v.send("Bob", riverside, map[string]any{"editMessage": map[string]any{"targetSentTimestamp": sent, "dataMessage": map[string]any{
		"body": "/gave \ufffc 5h painting", "bodyRanges": []any{map[string]any{"start": 6, "length": 1, "mentionAci": v.aci["Carol"]}},
	}}})
	v.gets("Bob", direct, "I don't carry out edited messages, so that nothing happens twice. If you still want that, send it again as a new message.")
}
