// fal.queue.streamStatus of ASK.requestId to its end, beside the same stream read raw; after ASK.comments comments on
// the raw one, ASK.release is removed.
import { rmSync } from "node:fs";
import { EP, ask, caught, fal, tell } from "./recipes.mjs";

const events = [];
const stream = await fal.queue.streamStatus(EP, { requestId: ask.requestId, logs: true });
stream.on("data", (event) => events.push(event));

const raw = await fetch(`${process.env.PLAIN}/queue/${ask.app}/requests/${ask.requestId}/status/stream?logs=1`);
let text = "";
const count = () => text.split("\n").filter((line) => line.startsWith(":")).length;
for await (const piece of raw.body.pipeThrough(new TextDecoderStream())) {
  text += piece;
  if (count() >= ask.comments) rmSync(ask.release, { force: true });
}
tell({ ...(await caught(stream.done())), events, text, type: raw.headers.get("content-type") });
