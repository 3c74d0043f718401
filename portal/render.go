package portal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"communityconnect/bot"
	"communityconnect/community"
)

//go:embed templates/*.html static/*
var files embed.FS

// sheets are the pages' templates by name, and the files that they use.
type sheets struct {
	byName map[string]*template.Template
	static map[string]staticFile
}

type staticFile struct {
	kind string
	body []byte
}

// readSheets reads the templates. The stylesheet's name changes with what is in it, so that
// a browser may keep it for good.
func readSheets(base string) (sheets, error) {
	s := sheets{byName: map[string]*template.Template{}, static: map[string]staticFile{}}
	style, err := files.ReadFile("static/style.css")
	if err != nil {
		return s, err
	}
	icon, err := files.ReadFile("static/icon.svg")
	if err != nil {
		return s, err
	}
	sum := sha256.Sum256(style)
	styleName := "style." + hex.EncodeToString(sum[:6]) + ".css"
	s.static[styleName] = staticFile{"text/css; charset=utf-8", style}
	s.static["icon.svg"] = staticFile{"image/svg+xml", icon}
	funcs := template.FuncMap{
		"url":    func(p ...any) string { return base + fmt.Sprint(p...) },
		"style":  func() string { return base + "/static/" + styleName },
		"once":   once,
		"asking": func(t tradeView, back string) asking { return asking{t, back} },
		"choose": func(people []personOption, chosen string) choice { return choice{people, chosen} },
	}
	common, err := template.New("").Funcs(funcs).ParseFS(files, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return s, err
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return s, err
	}
	for _, name := range names {
		page, err := common.Clone()
		if err == nil {
			page, err = page.ParseFS(files, name)
		}
		if err != nil {
			return s, err
		}
		s.byName[strings.TrimSuffix(path.Base(name), ".html")] = page
	}
	return s, nil
}

// once is a name for a form that no other form has.
func once() string { return rand.Text() }

func (p *Portal) static(w http.ResponseWriter, r *http.Request) {
	file, ok := p.sheets.static[r.PathValue("name")]
	if !ok {
		p.problem(w, r, http.StatusNotFound, notThere)
		return
	}
	w.Header().Set("Content-Type", file.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(file.body)
}

// sheet is what every page is made of.
type sheet struct {
	Title     string
	Community string
	Me        string // "" for whoever is not in
	Council   bool
	Frozen    bool
	Suspended bool
	Here      string // the part of the site
	Said      []string
	Refused   bool
	Draft     draft
	Back      string // where a form on this page comes back to
	Page      any

	read func(command string, at bot.Place) bool // who may what
}

// May tells a template whether to show a form.
func (s sheet) May(command string) bool { return s.read(command, bot.InDM) }

// MayCouncil is May for what is done in the council's name.
func (s sheet) MayCouncil(command string) bool { return s.read(command, bot.InCouncil) }

// page serves one of the table of pages.
func (p *Portal) page(pg page) http.HandlerFunc {
	return p.member(pg.command, pg.place, func(v *visit) error {
		shown, err := pg.show(v)
		if errors.Is(err, errNotThere) && v.sessions.Exists(v.r.Context(), keySaid) {
			// What was done has taken away the page it was done on.
			http.Redirect(v.w, v.r, p.base+"/", http.StatusSeeOther)
			return nil
		}
		if err != nil {
			return err
		}
		said, refused := v.sessions.PopString(v.r.Context(), keySaid), v.sessions.PopBool(v.r.Context(), keyRefused)
		title := pg.title
		if t, ok := shown.(interface{ title() string }); ok {
			title = t.title()
		}
		s := sheet{
			Title: title, Community: v.read.Community().Name, Me: v.read.Name(v.me), Council: v.read.May("log", bot.InCouncil),
			Frozen: !v.me.Frozen.IsZero(), Suspended: v.me.Status == community.Suspended, Here: pg.here(), Refused: refused,
			Draft: v.draft(), Back: v.r.URL.RequestURI(), Page: shown, read: v.read.May,
		}
		s.Said = paragraphs(said)
		v.sessions.Remove(v.r.Context(), keyDraft)
		v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
		return p.sheets.byName[pg.template].ExecuteTemplate(&v.body, "layout", s)
	})
}

// paragraphs are the messages in what was said.
func paragraphs(said string) []string {
	if said == "" {
		return nil
	}
	return strings.Split(said, "\n\n")
}

// outside shows a page to whoever is not in.
func (p *Portal) outside(w http.ResponseWriter, r *http.Request, status int, name, title string, page any) {
	p.outsideSheet(w, r, status, name, sheet{Title: title, Page: page})
}

func (p *Portal) outsideSheet(w http.ResponseWriter, r *http.Request, status int, name string, s sheet) {
	var body bytes.Buffer
	if err := p.sheets.byName[name].ExecuteTemplate(&body, "layout", s); err != nil {
		p.fault(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

// problem says on a page what is wrong, and how to go on.
func (p *Portal) problem(w http.ResponseWriter, r *http.Request, status int, text string) {
	p.outside(w, r, status, "problem", "That didn't work", text)
}

// The errors of pages.
var (
	errNotThere   = errors.New("portal: no such page for this member")
	errNotAllowed = errors.New("portal: not for this member")
)

// fault answers what should not have happened. The log gets the kind of the error alone.
func (p *Portal) fault(w http.ResponseWriter, r *http.Request, err error) {
	if errors.As(err, new(*http.MaxBytesError)) || errors.Is(err, errTooMuch) {
		p.problem(w, r, http.StatusRequestEntityTooLarge, tooMuch)
		return
	}
	if r.Context().Err() != nil {
		p.problem(w, r, http.StatusServiceUnavailable, busy)
		return
	}
	p.Log.Error().Str("page", r.Pattern).Str("error", fmt.Sprintf("%T", err)).Msg("a page could not be made")
	var body bytes.Buffer
	if p.sheets.byName["problem"].ExecuteTemplate(&body, "layout", sheet{Title: "Sorry", Page: wentWrong}) != nil {
		body.Reset()
	}
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(body.Bytes())
}

// form reads what was sent.
func (v *visit) form() error {
	err := v.r.ParseForm()
	if errors.As(err, new(*http.MaxBytesError)) {
		return errTooMuch
	}
	return err
}

// goOn shows another page, with a word about what was done.
func (v *visit) goOn(to, said string, refused bool) error {
	v.say(v.r.Context(), said, refused)
	if refused {
		v.keepDraft()
	}
	http.Redirect(v.w, v.r, v.base+to, http.StatusSeeOther)
	return nil
}

// refuse goes back to a form with what is wrong.
func (v *visit) refuse(to, why string) error { return v.goOn(to, why, true) }
