// The unmodified client through our proxy route with each of ASK.keys; prints what it threw and how often it called.
import { createRequire } from "node:module";

const { fal } = createRequire(`${process.env.CLIENTS}/`)("@fal-ai/client");
const { server, keys } = JSON.parse(process.env.ASK);
const told = [];
for (const key of keys) {
  let calls = 0;
  fal.config({
    credentials: key ?? undefined,
    proxyUrl: { url: `${server}/api/fal/proxy`, when: "always" },
    fetch: (url, options) => {
      calls += 1;
      return fetch(url, options);
    },
  });
  try {
    await fal.subscribe("fal-ai/kling-video/v3/pro/text-to-video", { input: { prompt: "A lake", duration: "2" } });
  } catch (error) {
    const { detail } = error.body;
    told.push({
      name: error.name,
      status: error.status,
      detail: typeof detail === "string" ? detail : detail[0].loc[0],
      calls,
    });
  }
}
console.log(JSON.stringify(told));
