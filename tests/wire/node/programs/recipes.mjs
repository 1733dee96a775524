// The unmodified client, pointed here by one recipe. Read from the environment:
// RECIPE (J1, J2, J3, J5), PLAIN and SECURE (the server's two addresses), CLIENTS (where the client is installed), ASK.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.CLIENTS}/`);
const { PLAIN, SECURE, RECIPE } = process.env;

export const EP = "fal-ai/kling-video/v3/pro/text-to-video";
export const ask = JSON.parse(process.env.ASK);

// What went over the wire, in order. Nothing but our own addresses is ever called.
export const trace = [];
const networkFetch = globalThis.fetch;
globalThis.fetch = async (url, options = {}) => {
  if (![PLAIN, SECURE].includes(new URL(url).origin)) throw new Error(`a request would have left: ${url}`);
  const entry = { method: options.method ?? "GET", url: String(url), headers: options.headers ?? {} };
  if (typeof options.body === "string") entry.body = JSON.parse(options.body);
  trace.push(entry);
  const response = await networkFetch(url, options);
  entry.status = response.status;
  entry.requestId = response.headers.get("x-fal-request-id");
  return response;
};

const client = require("@fal-ai/client"); // after the wrapper: it takes `fetch` when it is configured
export const { fal, ApiError, ValidationError } = client;

const rewrite = (url, base) =>
  url
    .replace("https://queue.fal.run/", `${base}/queue/`)
    .replace("https://fal.run/", `${base}/run/`)
    .replace("https://rest.fal.ai/", `${base}/`);

const recipes = {
  J1: { proxyUrl: { url: `${PLAIN}/api/fal/proxy`, when: "always" } },
  J2: { requestMiddleware: async (request) => ({ ...request, url: rewrite(request.url, PLAIN) }) },
  J3: { fetch: (url, options) => fetch(rewrite(url, SECURE), options) },
  J5: { proxyUrl: `${PLAIN}/api/fal/proxy` }, // works in a browser only
};
fal.config({ ...recipes[RECIPE], credentials: process.env.KEY || undefined });

// What a user catches, as JSON.
export async function caught(promise) {
  try {
    return { value: await promise };
  } catch (error) {
    return {
      error: {
        name: error.name,
        isApiError: error instanceof ApiError,
        isValidationError: error instanceof ValidationError,
        message: error.message,
        status: error.status,
        body: error.body,
        requestId: error.requestId,
        isUserTimeout: error.isUserTimeout,
      },
    };
  }
}

// The line that the test reads.
export function tell(value) {
  console.log(JSON.stringify({ ...value, trace }));
}
