package signal_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

// follow has the line follow one group of three.
func follow(w *world) {
	ann, ben, cleo := w.Person("Ann"), w.HiddenPerson("Ben"), w.Person("Cleo")
	w.opts.Groups = []chat.GroupID{w.Group("Riverside", ann, ben, cleo)}
}

func sorted(ids ...chat.PersonID) []chat.PersonID {
	slices.Sort(ids)
	return ids
}

// A group that nobody knows yet comes as everybody joining, with their names; those who
// were delivered before do not join again.
func TestRosterAtStart(t *testing.T) {
	var ann, ben, cleo, dan chat.PersonID
	for name, known := range map[string]bool{"new": false, "known": true} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, signaltest.Options{}, func(w *world) {
				ann, ben, cleo, dan = w.Person("Ann"), w.HiddenPerson("Ben"), w.Person("Cleo"), w.Person("Dan")
				g := w.Group("Riverside", ann, ben, cleo)
				w.opts.Groups = []chat.GroupID{g}
				if known {
					w.rosters[g] = []chat.PersonID{ann, ben, dan}
				}
			}, func(t *testing.T, w *world) {
				got := w.messages(chat.Roster)
				if len(got) != 1 {
					t.Fatalf("%d roster messages", len(got))
				}
				joined, left := sorted(ann, ben, cleo), []chat.PersonID(nil)
				if known {
					joined, left = sorted(cleo), sorted(dan)
				}
				m := got[0]
				if !slices.Equal(m.Joined, joined) || !slices.Equal(m.Left, left) || m.From != w.Bot() || m.In.Group != w.opts.Groups[0] || m.Sent == 0 {
					t.Errorf("the roster is %s", show(m))
				}
				if m.Names[cleo] != "Cleo" || len(m.Names) != len(joined) {
					t.Errorf("the names are %v", m.Names)
				}
			})
		})
	}
}

// A burst of changes is one question to Signal and one message, five seconds after the
// last of them, at the latest half a minute after the first.
func TestRosterIsDebounced(t *testing.T) {
	inBubble(t, signaltest.Options{}, follow, func(t *testing.T, w *world) {
		g := w.opts.Groups[0]
		asked := w.Answered("listGroups")
		dan, eva := w.Person("Dan"), w.Person("Eva")
		w.Join(g, dan)
		w.wait(3 * time.Second)
		w.Retitle(g, "Riverside Credits")
		w.wait(3 * time.Second)
		w.Join(g, eva)
		w.wait(4900 * time.Millisecond)
		if n := len(w.messages(chat.Roster)); n != 1 {
			t.Fatalf("%d rosters before the group is quiet, want the first one only", n)
		}
		w.wait(200 * time.Millisecond)
		got := w.messages(chat.Roster)
		if len(got) != 2 || !slices.Equal(got[1].Joined, sorted(dan, eva)) || len(got[1].Left) != 0 {
			t.Fatalf("the rosters are %v", got)
		}
		if n := w.Answered("listGroups") - asked; n != 1 {
			t.Errorf("Signal was asked %d times", n)
		}
		w.Leave(g, dan)
		for range 40 { // a group that never gets quiet
			w.Retitle(g, "Riverside")
			w.wait(time.Second)
		}
		got = w.messages(chat.Roster)
		if len(got) != 3 || !slices.Equal(got[2].Left, []chat.PersonID{dan}) {
			t.Errorf("the rosters are %v", got)
		}
	})
}

// A name that signal-cli is still fetching is waited for; somebody who shows none is
// reported without it, soon enough.
func TestRosterWaitsForNames(t *testing.T) {
	inBubble(t, signaltest.Options{Fresh: true}, follow, func(t *testing.T, w *world) {
		w.wait(time.Minute)
		for _, c := range []struct {
			name   string
			within time.Duration
		}{{"Dan", 3 * time.Second}, {"", 8 * time.Second}} {
			before := len(w.messages(chat.Roster))
			p := w.Person(c.name)
			w.Join(w.opts.Groups[0], p)
			w.wait(5500 * time.Millisecond)
			if n := len(w.messages(chat.Roster)); n != before {
				t.Fatalf("%d rosters, want none before %q has a name", n-before, c.name)
			}
			w.wait(c.within)
			got := w.messages(chat.Roster)[before:]
			if len(got) != 1 || !slices.Equal(got[0].Joined, []chat.PersonID{p}) || got[0].Names[p] != c.name {
				t.Fatalf("the rosters of %q are %v", c.name, got)
			}
		}
	})
}

// A retitled group has the same people in it: nothing is delivered.
func TestRosterUnchanged(t *testing.T) {
	inBubble(t, signaltest.Options{}, follow, func(t *testing.T, w *world) {
		w.Retitle(w.opts.Groups[0], "Another name")
		w.wait(time.Minute)
		if n := len(w.messages(chat.Roster)); n != 1 {
			t.Errorf("%d rosters", n)
		}
	})
}

// When the bot is thrown out, that is not everybody leaving.
func TestBotRemoved(t *testing.T) {
	inBubble(t, signaltest.Options{}, follow, func(t *testing.T, w *world) {
		g := w.opts.Groups[0]
		w.Leave(g, w.Bot())
		w.wait(time.Minute)
		if n := len(w.messages(chat.Roster)); n != 1 {
			t.Errorf("%d rosters", n)
		}
		if got := w.trouble(signal.NotMember); len(got) != 1 || got[0].Group != g {
			t.Errorf("reported %v", got)
		}
		dan := w.Person("Dan")
		w.Join(g, w.Bot(), dan)
		w.wait(time.Minute)
		got := w.messages(chat.Roster)
		if len(got) != 2 || !slices.Equal(got[1].Joined, []chat.PersonID{dan}) {
			t.Errorf("after coming back the rosters are %v", got)
		}
	})
}

// Who came and went while there was no connection is found out afterwards; so is a change
// whose announcement never came, if only some hours later.
func TestRosterAfterAbsence(t *testing.T) {
	inBubble(t, signaltest.Options{}, follow, func(t *testing.T, w *world) {
		g := w.opts.Groups[0]
		w.Stop()
		dan := w.Person("Dan")
		w.Join(g, dan)
		w.wait(time.Minute)
		w.Start()
		w.wait(time.Minute)
		if got := w.messages(chat.Roster); len(got) != 2 || !slices.Equal(got[1].Joined, []chat.PersonID{dan}) {
			t.Fatalf("the rosters are %v", got)
		}
		w.Fail("listGroups", 3, signaltest.Fault{Error: &signaltest.Error{Code: -3, Message: "no network"}})
		w.Leave(g, dan)
		w.wait(5 * time.Minute)
		if got := w.messages(chat.Roster); len(got) != 3 {
			t.Errorf("three failures later the rosters are %v", got)
		}
	})
}

// A group that the daemon hears of only when somebody writes in it is followed from then.
func TestRosterOfGroupThatIsNotKnownYet(t *testing.T) {
	var ann chat.PersonID
	inBubble(t, signaltest.Options{}, func(w *world) {
		ann = w.Person("Ann")
		w.opts.Groups = []chat.GroupID{w.Group("Riverside", ann)}
		w.Forget(w.opts.Groups[0])
	}, func(t *testing.T, w *world) {
		w.wait(time.Minute)
		if len(w.messages(chat.Roster)) != 0 || len(w.trouble(signal.NotMember)) != 1 {
			t.Fatal("there is a roster of an unknown group")
		}
		w.Say(ann, signaltest.In(w.opts.Groups[0]), "hello")
		w.wait(time.Minute)
		if got := w.messages(chat.Roster); len(got) != 1 || !slices.Equal(got[0].Joined, []chat.PersonID{ann}) {
			t.Errorf("the rosters are %v", got)
		}
	})
}

// An invitation to a group of ours is accepted, and to no other.
func TestInvitations(t *testing.T) {
	var theirs chat.GroupID
	inBubble(t, signaltest.Options{}, func(w *world) {
		ann := w.Person("Ann")
		w.opts.Groups = []chat.GroupID{w.Invitation("Ours", ann)}
		theirs = w.Invitation("Theirs", ann)
	}, func(t *testing.T, w *world) {
		groups, err := w.line.Groups(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			if ours := g.ID != theirs; g.Member != ours || g.Invited == ours {
				t.Errorf("%s: member %v, invited %v", g.Name, g.Member, g.Invited)
			}
		}
		if n := len(w.messages(chat.Roster)); n != 1 {
			t.Errorf("%d rosters", n)
		}
	})
}

// A new phone is delivered as such before anything that was written on it, and then
// nothing is lost.
func TestNewDevice(t *testing.T) {
	inBubble(t, signaltest.Options{}, follow, func(t *testing.T, w *world) {
		eva := w.Person("Eva")
		dm := signaltest.Direct(eva)
		w.Say(eva, dm, "old phone")
		synctest.Wait()
		w.Reinstall(eva)
		w.Say(eva, dm, "new phone")
		w.wait(10 * time.Second)
		w.Say(eva, dm, "again")
		w.wait(time.Minute)
		var got []string
		for _, m := range w.messages(chat.Said, chat.NewDevice) {
			got = append(got, string(m.Kind)+" "+m.Text)
			if m.From != eva || m.In != dm {
				t.Errorf("this is not about Eva: %s", show(m))
			}
		}
		slices.Sort(got[2:]) // the first on the new phone was held back, the second was not
		if !slices.Equal(got, []string{"said old phone", "newdevice ", "said again", "said new phone"}) {
			t.Errorf("delivered %q", got)
		}
		w.wait(24 * time.Hour)
		if n := len(w.messages(chat.NewDevice)); n != 1 {
			t.Errorf("a day later there are %d new devices", n)
		}
	})
}

// What was held back comes even if nobody else writes anything.
func TestNewDeviceInAQuietNight(t *testing.T) {
	inBubble(t, signaltest.Options{}, follow, func(t *testing.T, w *world) {
		eva := w.Person("Eva")
		w.Reinstall(eva)
		w.Say(eva, signaltest.Direct(eva), "new phone")
		w.wait(time.Minute)
		if got := w.texts(); !slices.Equal(got, []string{"new phone"}) {
			t.Errorf("delivered %q", got)
		}
		if n := w.Answered("subscribeReceive"); n != 2 {
			t.Errorf("it subscribed %d times", n)
		}
		w.wait(24 * time.Hour)
		if n := w.Answered("subscribeReceive"); n != 2 {
			t.Errorf("a day later it has subscribed %d times", n)
		}
	})
}

// A new phone that is noticed because something could not be sent to it.
func TestNewDeviceBySending(t *testing.T) {
	inBubble(t, signaltest.Options{}, follow, func(t *testing.T, w *world) {
		eva := w.Person("Eva")
		w.Reinstall(eva)
		out := chat.Outgoing{Act: chat.Send, To: signaltest.Direct(eva), Text: "hello"}
		_, err := w.line.Send(t.Context(), out)
		if e := asSendError(t, err); e.Outcome != chat.NotSent {
			t.Errorf("the outcome is %s", e.Outcome)
		}
		synctest.Wait()
		if n := len(w.messages(chat.NewDevice)); n != 1 {
			t.Fatalf("%d new devices", n)
		}
		if _, err := w.line.Send(t.Context(), out); err != nil {
			t.Errorf("it still cannot be sent: %v", err)
		}
	})
}

// If it crashes between delivering a new device and trusting it, the same message comes
// again after the start, with the same identity, so that it counts once.
func TestNewDeviceAfterCrash(t *testing.T) {
	inBubble(t, signaltest.Options{}, follow, func(t *testing.T, w *world) {
		eva := w.Person("Eva")
		w.Fail("trust", 1, signaltest.Fault{Silent: true})
		w.Reinstall(eva)
		w.Say(eva, signaltest.Direct(eva), "new phone")
		synctest.Wait()
		if err := w.stop(); err != nil {
			t.Fatal(err)
		}
		w.start()
		w.wait(time.Minute)
		got := w.messages(chat.NewDevice)
		for i := range got {
			if !equal(got[i], got[0]) {
				t.Errorf("they differ: %s and %s", show(got[0]), show(got[i]))
			}
		}
		if len(got) == 0 {
			t.Error("no new device")
		}
	})
}
