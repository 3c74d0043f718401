package bot

// AddCommand lets a test put a command of its own into the table.
func (e *Engine) AddCommand(cmd Command) { e.world.commands = append(e.world.commands, cmd) }
