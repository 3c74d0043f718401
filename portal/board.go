package portal

import (
	"strconv"
	"strings"

	"communityconnect/board"
	"communityconnect/bot"
	"communityconnect/community"
)

// boardPageSize is how many posts one page of the board shows.
const boardPageSize = 20

// postView is a post as pages show it.
type postView struct {
	ID       int64
	Kind     string // "offer" or "request"
	Author   string
	AuthorID int64
	Text     string
	Category string
	Day      string
	Until    string
	Own      bool
	Takers   []string // for the author
	Matches  []suggestion
}

// suggestion is somebody who comes to mind, and why.
type suggestion struct {
	ID   int64
	Name string
	Why  string
}

func (v *visit) postView(p board.Post) postView {
	author, _ := v.read.Member(community.MemberID(p.Author))
	return postView{
		ID: int64(p.ID), Kind: string(p.Kind), Author: v.read.Name(author), AuthorID: p.Author, Text: p.Text,
		Category: strings.ReplaceAll(p.Category, "_", " "), Day: v.read.Day(p.Created), Until: v.date(p.Expires),
		Own: author.Account == v.me.Account,
	}
}

// boardPage is what is open, or what fits a search.
type boardPage struct {
	Kind       string // "", "offers" or "requests"
	Query      string
	Posts      []postView
	Count      int
	Past       []suggestion // who did such a thing before, or offers it
	Categories []category
	Page       int
	Next, Prev int // 0 for none
}

type category struct {
	Name  string // as it is searched
	Label string
	Count int
}

func (v *visit) board() (any, error) {
	q := v.r.URL.Query()
	b := boardPage{Query: strings.TrimSpace(q.Get("q")), Page: 1}
	if kind := q.Get("kind"); kind == "offers" || kind == "requests" {
		b.Kind = kind
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 && n < 10000 {
		b.Page = n
	}
	if len(b.Query) > board.MaxText {
		b.Query = strings.ToValidUTF8(b.Query[:board.MaxText], "")
	}
	posts, err := v.read.Board(b.Kind + " " + b.Query)
	if err != nil {
		return nil, err
	}
	b.Count = len(posts)
	b.Categories = categoriesOf(posts)
	first := min((b.Page-1)*boardPageSize, len(posts))
	last := min(first+boardPageSize, len(posts))
	for _, p := range posts[first:last] {
		b.Posts = append(b.Posts, v.postView(p))
	}
	if last < len(posts) {
		b.Next = b.Page + 1
	}
	b.Prev = b.Page - 1
	if b.Query != "" && b.Page == 1 && b.Kind != "requests" {
		for _, s := range v.read.WhoCan(b.Query) {
			b.Past = append(b.Past, suggestion{int64(s.Who.ID), v.read.Name(s.Who), s.Why})
		}
	}
	return b, nil
}

// categoriesOf counts the posts of each category, in the order of the first of each.
func categoriesOf(posts []board.Post) []category {
	var all []category
	at := map[string]int{}
	for _, p := range posts {
		if p.Category == "" {
			continue
		}
		i, known := at[p.Category]
		if !known {
			i = len(all)
			at[p.Category] = i
			all = append(all, category{Name: p.Category, Label: strings.ReplaceAll(p.Category, "_", " ")})
		}
		all[i].Count++
	}
	return all
}

// postPage is one post.
type postPage struct {
	postView
	Open    bool
	MayTake bool

	MayTakeDown bool
}

func (p postPage) title() string { return p.Text }

func (v *visit) post() (any, error) {
	id, err := v.pathNumber()
	if err != nil {
		return nil, err
	}
	p, found, err := v.tx.Post(board.PostID(id))
	if err != nil || !found {
		return nil, notThereOr(err)
	}
	author, _ := v.read.Member(community.MemberID(p.Author))
	page := postPage{postView: v.postView(p), Open: p.State == board.Open && v.now.Before(p.Expires)}
	if !page.Own && (!page.Open || !author.Active()) {
		return nil, errNotThere // what is off the board is its author's alone
	}
	if page.Own && page.Open {
		if page.Takers, err = v.takers(p.ID); err != nil {
			return nil, err
		}
		for _, s := range v.read.AnswersTo(p) {
			page.Matches = append(page.Matches, suggestion{int64(s.Who.ID), v.read.Name(s.Who), s.Why})
		}
	}
	page.MayTake = !page.Own && page.Open && v.read.May("take", bot.InDM) && v.me.Frozen.IsZero()
	page.MayTakeDown = !page.Own && page.Open && v.read.May("takedown", bot.InCouncil)
	return page, nil
}

// newPage is the form for a post.
type newPage struct {
	Kind string
	Max  int
}

func (n newPage) title() string {
	if n.Kind == "offer" {
		return "Offer something"
	}
	return "Ask for help"
}

func (v *visit) newPost() (any, error) {
	kind := v.r.PathValue("kind")
	if kind != "offer" && kind != "request" {
		return nil, errNotThere
	}
	if !v.read.May(kind, bot.InDM) {
		return nil, errNotAllowed
	}
	return newPage{kind, board.MaxText}, nil
}

// pathNumber is the number in the page's address.
func (v *visit) pathNumber() (int64, error) {
	n, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil || n < 1 {
		return 0, errNotThere
	}
	return n, nil
}

func notThereOr(err error) error {
	if err != nil {
		return err
	}
	return errNotThere
}
