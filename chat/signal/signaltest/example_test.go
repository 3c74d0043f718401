package signaltest_test

import (
	"context"
	"fmt"

	"communityconnect/chat"
	"communityconnect/chat/signal"
	"communityconnect/chat/signal/signaltest"
)

// printer is a handler that prints what is said and answers it.
type printer struct {
	said chan chat.Message
}

func (p printer) Deliver(_ context.Context, batch []signal.Delivery) error {
	for _, d := range batch {
		if d.Message != nil && d.Message.Kind == chat.Said {
			p.said <- *d.Message
		}
	}
	return nil
}

func (printer) Roster(context.Context, chat.GroupID) ([]chat.PersonID, error) { return nil, nil }

// A conversation over the whole line: somebody writes, the bot answers, and what Signal
// got of it can be looked at.
func Example() {
	daemon := signaltest.New(signaltest.Options{})
	defer daemon.Close()
	ann := daemon.HiddenPerson("Ann")
	group := daemon.Group("Riverside", ann)

	p := printer{make(chan chat.Message, 1)}
	line, err := signal.New(signal.Options{Dial: daemon.Dial, Groups: []chat.GroupID{group}}, p)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go line.Run(ctx)

	asked := daemon.Say(ann, signaltest.In(group), "who has a ladder?")
	m := <-p.said
	fmt.Printf("%s: %s\n", m.Name, m.Text)

	_, err = line.Send(ctx, chat.Outgoing{Act: chat.Send, To: m.In, Text: "Ben has.", Quote: &chat.Ref{Author: m.From, Sent: m.Sent}})
	if err != nil {
		fmt.Println(err)
		return
	}
	sent, err := daemon.Next(ctx)
	fmt.Println(sent.Text, sent.Quote.Author == ann, sent.Quote.Sent == asked, err)
	// Output:
	// Ann: who has a ladder?
	// Ben has. true true <nil>
}
