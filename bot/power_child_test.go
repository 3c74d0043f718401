package bot_test

func powerChild() error { return nil }
