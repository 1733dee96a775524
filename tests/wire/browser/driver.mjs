// A page in headless Chromium, on an origin of its own, that does what it is told.
// Reads {"name", "ask"} line by line, answers each with {"value", "seen"} or {"failure", "seen"}.
// From the environment: CLIENTS (where the packages are installed), BROWSER (the executable).
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const { CLIENTS, BROWSER } = process.env;
const LONGEST_MS = 60_000;
const require = createRequire(`${CLIENTS}/`);
const { chromium } = require("playwright-core");
const { buildSync } = require("esbuild");

const bundle = buildSync({
  entryPoints: [fileURLToPath(new URL("page.mjs", import.meta.url))],
  bundle: true,
  write: false,
  format: "iife",
  platform: "browser",
  nodePaths: [`${CLIENTS}/node_modules`],
  logLevel: "error",
}).outputFiles[0].text;

const site = createServer((request, response) => {
  const isScript = request.url === "/page.js";
  response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
  response.end(isScript ? bundle : '<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>');
});
await new Promise((done) => site.listen(0, "127.0.0.1", done));
const { port } = site.address();

const browser = await chromium.launch({
  executablePath: BROWSER,
  args: [
    // A stranger's name leads here as well; no other name leads anywhere, so nothing leaves the machine.
    "--host-resolver-rules=MAP stranger.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--autoplay-policy=no-user-gesture-required",
  ],
});

let seen = []; // what the pages asked for since the last answer, and what they complained of
async function openPage(host) {
  const page = await browser.newPage();
  page.on("response", async (response) => {
    const request = response.request();
    const headers = await request.allHeaders().catch(() => ({}));
    seen.push({ method: request.method(), url: request.url(), status: response.status(), range: headers.range });
  });
  page.on("console", (message) => seen.push({ console: message.type(), text: message.text() }));
  page.on("pageerror", (error) => seen.push({ console: "pageerror", text: error.message }));
  await page.goto(`http://${host}:${port}/`);
  return page;
}
const pages = { home: await openPage("127.0.0.1"), stranger: await openPage("stranger.example") };
console.log(JSON.stringify({ version: browser.version(), port }));

for await (const line of createInterface({ input: process.stdin })) {
  const { name, ask, from } = JSON.parse(line);
  seen = [];
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} took over ${LONGEST_MS} ms`)), LONGEST_MS);
  });
  const told = pages[from].evaluate(([name, ask]) => window.wire[name](ask), [name, ask]);
  const answer = await Promise.race([told, late]).then(
    (value) => ({ value }),
    (error) => ({ failure: error.message }),
  );
  clearTimeout(timer);
  console.log(JSON.stringify({ ...answer, seen }));
}
await browser.close();
site.close();
