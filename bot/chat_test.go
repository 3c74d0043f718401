package bot_test

import (
	"bytes"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"communityconnect/bot"
	"communityconnect/bot/stage"
	"communityconnect/chat/console"
	"communityconnect/community"
	"communityconnect/ledger"
	"communityconnect/storage"
)

var update = flag.Bool("update", false, "rewrite the conversations in testdata with what the bot says now")

// TestConversations plays every story in testdata and compares, byte for byte, what
// the bot says with what stands there.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.chat")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations found: %v", err)
	}
	files = append(files, "stage/week.chat")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".chat"), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(want) {
				t.Errorf("the conversation went differently:\n%s", firstDifference(string(want), got))
			}
		})
	}
}

// story is one conversation being played.
type story struct {
	t       *testing.T
	out     bytes.Buffer
	log     bytes.Buffer
	stage   *stage.Stage
	unsound bool
	cast    stage.Cast
	saved   storage.Backup
	portal  bool          // there are web pages
	model   *pretendModel // nil where the story has none
}

// play reads a story and returns it with what the bot does after each line. After the
// last line the books must be sound and nothing that was said may stand in the log.
func play(t *testing.T, script string) string {
	s := &story{t: t, cast: stage.ReadCast(script), portal: strings.Contains(script, "\n.portal\n")}
	if strings.Contains(script, "\n.model ") {
		s.model = &pretendModel{}
	}
	for n, line := range stage.Lines(script) {
		s.out.WriteString(line + "\n")
		if err := s.line(s.unmasked(line)); err != nil {
			t.Fatalf("step %d, %q: %v", n+1, line, err)
		}
	}
	s.start()
	report, err := s.stage.DB().Audit(nil)
	if err != nil || report.OK() == s.unsound {
		t.Errorf("the books at the end: %v %v", err, report.Faults)
	}
	if err := s.stage.Close(); err != nil {
		t.Error(err)
	}
	checkPrivacy(t, script, s.log.String())
	return secret.ReplaceAllString(hash.ReplaceAllString(s.masked(), "············"), "/enter/············")
}

// code is the code of somebody who asks to be let in. They differ in every play: in a
// story the first that the bot gives out is CODE-1.
var (
	code       = regexp.MustCompile(`\b[BCDFGHJKMNPQRSTVWXYZ]{3}-[BCDFGHJKMNPQRSTVWXYZ]{3}\b`)
	storysCode = regexp.MustCompile(`\bCODE-(\d+)\b`)
)

// codes are those given out so far, in their order.
func (s *story) codes() (all []string) {
	for _, c := range code.FindAllString(s.out.String(), -1) {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// unmasked is a line with the codes that the bot has really given out.
func (s *story) unmasked(line string) string {
	return storysCode.ReplaceAllStringFunc(line, func(c string) string {
		all := s.codes()
		if n, err := strconv.Atoi(c[len("CODE-"):]); err == nil && n > 0 && n <= len(all) {
			return all[n-1]
		}
		return c
	})
}

// masked is the transcript so far, with the codes by their numbers.
func (s *story) masked() string {
	out := s.out.String()
	for i, c := range s.codes() {
		out = strings.ReplaceAll(out, c, fmt.Sprintf("CODE-%d", i+1))
	}
	return out
}

// hash is the beginning of a hash as people see it. It differs in every play, because
// every text is salted.
var hash = regexp.MustCompile(`\b[0-9a-f]{12}\b`)

// secret is what a one-time link to the web pages ends in.
var secret = regexp.MustCompile(`/enter/[\w-]{43}\b`)

// line plays one line of a story. Beside the directions of any script there are
// some that reach behind the bot's back.
func (s *story) line(line string) error {
	s.start()
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case ".limits": // .limits ann -2h +3h
		f := strings.Fields(rest)
		return s.setLimits(f[0], f[1], f[2])
	case ".model": // .model {"intent":"balance"}: what the language model says from now on
		s.model.saysNow(rest)
		return nil
	case ".portal": // there are web pages
		return nil
	case ".unsound": // the story breaks the books
		s.unsound = true
		return nil
	case ".sql": // while the bot is stopped
		return s.sql(rest)
	case ".sign": // .sign disk-full 400 MB: something is wrong; without a figure it is not
		return s.sign(rest)
	case ".backup":
		return s.backUp()
	case ".restore": // the file is lost, and the last backup takes its place
		return s.restore()
	}
	return s.stage.Play(line)
}

func (s *story) member(tx *storage.Tx, name string) (community.Member, error) {
	all, err := tx.Members()
	if err != nil {
		return community.Member{}, err
	}
	found := community.NewNames(all).Find(name)
	if len(found) != 1 {
		return community.Member{}, fmt.Errorf("%d people are called %q", len(found), name)
	}
	return found[0], nil
}

func (s *story) setLimits(name, low, high string) error {
	floor, err := ledger.ParseLimit(low)
	if err != nil {
		return err
	}
	ceiling, err := ledger.ParseLimit(high)
	if err != nil {
		return err
	}
	return s.stage.Update(func(tx *storage.Tx) error {
		if name == "commons" {
			return tx.SetLimits(ledger.Commons, floor, ceiling, false)
		}
		m, err := s.member(tx, name)
		if err != nil {
			return err
		}
		return tx.SetLimits(m.Account, floor, ceiling, true)
	})
}

// sql changes the file with another tool, while the bot is stopped.
func (s *story) sql(statements string) error {
	if err := s.stage.Close(); err != nil {
		return err
	}
	file, err := sql.Open("sqlite3", s.stage.DB().Path())
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Exec(statements); err != nil {
		return err
	}
	return s.stage.Reopen()
}

// sign lets somebody outside the engine find that something is wrong, or no longer is.
func (s *story) sign(words string) error {
	kind, detail, _ := strings.Cut(words, " ")
	return s.stage.Observe(community.Signs{community.AlarmKind(kind): {Wrong: detail != "", Detail: detail}})
}

func (s *story) backUp() (err error) {
	s.saved, err = s.stage.DB().Backup(storage.BackupOptions{Directory: s.t.TempDir(), Keep: storage.DefaultKeep(), Now: s.stage.Now()})
	return err
}

func (s *story) restore() error {
	if err := s.stage.Close(); err != nil {
		return err
	}
	path := s.stage.DB().Path()
	if err := os.Remove(path); err != nil {
		return err
	}
	if _, err := storage.Restore(storage.RestoreOptions{From: s.saved.Path, To: path, Now: s.stage.Now()}); err != nil {
		return err
	}
	return s.stage.Reopen()
}

// start begins the story on the first line that needs the bot.
func (s *story) start() {
	if s.stage != nil {
		return
	}
	options := stage.Options{
		Database: filepath.Join(s.t.TempDir(), "story.db"), Out: &s.out, Name: "Riverside", Zone: "Europe/Dublin",
		Start: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC), Look: console.Look{}, Cast: s.cast,
		Log: zerolog.New(&s.log), Language: language(s.t),
	}
	if s.portal {
		options.Portal = "https://riverside.example"
	}
	if s.model != nil {
		options.Guesser = s.model.client(s.t)
	}
	st, err := stage.Open(options)
	if err != nil {
		s.t.Fatal(err)
	}
	s.stage = st
}

// loadLanguage loads the language once for all stories, as one program would for all
// its communities.
var loadLanguage = sync.OnceValues(bot.LoadLanguage)

func language(t testing.TB) *bot.Language {
	t.Helper()
	l, err := loadLanguage()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// checkPrivacy holds the promise that no word of a conversation is ever logged.
func checkPrivacy(t *testing.T, script, log string) {
	for _, line := range strings.Split(script, "\n") {
		_, said, found := strings.Cut(line, "> ")
		if found && len(said) > 6 && strings.Contains(log, said) {
			t.Errorf("the log has what was said: %q", said)
		}
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\n want %q\n  got %q", i+1, a, b)
		}
	}
	return ""
}
