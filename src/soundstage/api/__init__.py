"""Door 1: HTTP in fal's dialect. Knows no engine, no queue, no database: it is handed what it needs."""
