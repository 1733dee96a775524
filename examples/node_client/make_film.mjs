// Make a film with fal's own client, unmodified, on a Soundstage server.
//
//     node make_film.mjs "PROMPT" film.mp4 '{"duration": "3", "resolution": "540p"}'
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ApiError, ValidationError, fal } from "@fal-ai/client";

const [prompt = "Fireflies in a dark forest", output = "film.mp4", fields = "{}"] = process.argv.slice(2);
const server = process.env.SOUNDSTAGE_URL ?? "http://127.0.0.1:8000";

// The one line that differs from calling fal. `when: "always"` is needed in Node; a plain string would be ignored there.
fal.config({ proxyUrl: { url: `${server}/api/fal/proxy`, when: "always" } });

let told = 0; // each update brings all log lines so far
try {
  const { data, requestId } = await fal.subscribe("fal-ai/kling-video/v3/pro/text-to-video", {
    input: { prompt, ...JSON.parse(fields) },
    logs: true,
    onQueueUpdate: (update) => {
      if (update.status === "IN_QUEUE") console.log(`waiting, ${update.queue_position} ahead`);
      const lines = update.logs ?? [];
      for (const line of lines.slice(told)) console.log(line.message);
      told = Math.max(told, lines.length);
    },
  });
  const film = await fetch(data.video.url);
  if (!film.ok) throw new Error(`${data.video.url} answered ${film.status}`);
  await pipeline(Readable.fromWeb(film.body), createWriteStream(output));
  console.log(`${output}: ${data.video.width}x${data.video.height}, ${data.video.duration} s, seed ${data.seed}`);
  console.log(`request ${requestId}, ${data.video.url}`);
} catch (error) {
  if (error instanceof ValidationError) {
    for (const problem of error.fieldErrors) console.error(`${problem.loc.slice(1).join(".")}: ${problem.msg}`);
  } else if (error instanceof ApiError) {
    console.error(`${error.status}: ${error.body?.detail ?? error.message} (request ${error.requestId})`);
  } else {
    console.error(error.cause?.message ?? error.message);
  }
  process.exitCode = 1;
}
