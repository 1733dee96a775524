// fal.subscribe: every update, what was enqueued, and the result or error. ASK holds its `options`, and `release`:
// the file to remove when a status is first seen, by status, which lets a held film go on. With `announce` the first
// update prints the request's id.
import { rmSync } from "node:fs";
import { EP, ask, caught, fal, tell, trace } from "./recipes.mjs";

const updates = [];
const enqueued = [];
const outcome = await caught(
  fal.subscribe(EP, {
    ...ask.options,
    onEnqueue: (id) => enqueued.push(id),
    onQueueUpdate: (update) => {
      if (ask.announce && !updates.length) console.log(update.request_id);
      updates.push(structuredClone(update)); // streaming hands out one growing list of logs
      const file = ask.release?.[update.status];
      if (file) rmSync(file, { force: true });
    },
  }),
);
// A client's own timeout cancels behind its back: wait for the answer to that.
const isCancelled = () => trace.some((entry) => entry.method === "PUT" && entry.status);
while (ask.options.timeout && outcome.error && !isCancelled()) await new Promise((done) => setTimeout(done, 10));
tell({ ...outcome, updates, enqueued });
