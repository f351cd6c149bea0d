"""The toolkit of every report: terminal, pages, charts, and the primitives of each format."""
