// The queue, call by call: ASK is a list of [method, arguments...]; "$id" stands for the last submit's request id.
import { EP, ask, caught, fal, tell } from "./recipes.mjs";

const outcomes = [];
let id;
for (const [method, options] of ask) {
  if (options.requestId === "$id") options.requestId = id;
  const outcome = await caught(fal.queue[method](EP, options));
  if (method === "submit") id = outcome.value?.request_id;
  outcomes.push(outcome);
}
tell({ outcomes });
