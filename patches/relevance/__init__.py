"""Which patches a configuration or a mode has anything to do with."""
