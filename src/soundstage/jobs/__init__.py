"""The durable order book: orders, queue, worker and the warm process, on PostgreSQL. Knows nothing of video.

Payloads and results are JSON. Import the module you need (`book`, `worker`, `stage`, `embedded`,
`supervisor`): this package loads nothing, since the stage must not pay for the database driver.
"""
