package bot

// Barred are the phrases in which somebody hears that a command is not for them, or not
// here.
func Barred() []string {
	return []string{phrases[councilOnly], phrases[elsewhere], phrases[notForSuspended], phrases[frozen], strangerHello, joinStill}
}

// AddCommand lets a test put a command of its own into the table.
func (e *Engine) AddCommand(cmd Command) { e.world.commands = append(e.world.commands, cmd) }
