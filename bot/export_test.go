package bot

// Barred are the phrases in which somebody hears that a command is not for them, or not
// here.
func Barred() []string {
	return []string{phrases[councilOnly], phrases[elsewhere], phrases[notForSuspended], phrases[frozen], strangerHello, joinStill}
}

// AddCommand lets a test put a command of its own into the table.
func (e *Engine) AddCommand(cmd Command) { e.world.commands = append(e.world.commands, cmd) }

// AddJob lets a test put a job of its own into the calendar.
func (e *Engine) AddJob(name string, do func() error) {
	e.world.jobs = append(e.world.jobs, Job{Name: name, run: func(*Call, span) error { return do() }})
}
