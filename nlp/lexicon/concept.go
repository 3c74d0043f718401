package lexicon

// concept is one kind of help or thing.
type concept struct {
	name  string // "dog-walking"
	title string // "dog walking"
	share []share
	near  []near
	act   act
	beats []int // categories that yield to this concept
}

// share says how much a concept speaks for a category.
type share struct {
	category int
	weight   float64
}

// near is a concept that may be meant as well.
type near struct {
	id     ID
	weight float64
}

func (c *concept) category() string {
	if len(c.share) == 0 {
		return ""
	}
	return Categories()[c.share[0].category]
}

// act is a way of speaking that decides what a text is about more than its subject does.
type act string

// The acts a data file can name.
const (
	actNone   act = ""
	actBorrow act = "borrow" // it comes back: lending, whatever the thing
	actGive   act = "give"   // a thing to keep: goods, unless it is food or a plant
	actHave   act = "have"   // "has anyone a …": lending if a thing follows, else nothing
	actSpace  act = "space"  // room for a thing
	actLesson act = "lesson" // goes with its subject
	actWork   act = "work"   // somebody's time is asked or offered: not a thing to keep
)

func knownAct(s string) bool {
	switch act(s) {
	case actBorrow, actGive, actHave, actSpace, actLesson, actWork:
		return true
	}
	return false
}

// The weight of a phrase, by the line it stands in.
const (
	strongWeight = 3.0 // settles it: "babysitter"
	plainWeight  = 2.0 // speaks for it: "toddler"
	weakWeight   = 0.8 // leans towards it: "night out"
)
