package bot

// What the bot says to the council about its own acts, and to others about the council.
const (
	policyIs     = "What the community has agreed on; /policy and a name tells what it means:\n{list}"
	actOvertaken = "⚠️ Something else was decided meanwhile, so this is off the table: {who} wanted to {act}"
)
