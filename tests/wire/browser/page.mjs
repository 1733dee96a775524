// What the page can do, called by name from the driver. The unmodified client is bundled with it.
import { ApiError, ValidationError, createFalClient } from "@fal-ai/client";

const EP = "fal-ai/kling-video/v3/pro/text-to-video";

// `door`: {recipe: "J2" or "J4", server, key}
function clientFor({ recipe, server, key }) {
  const rewrite = (url) =>
    url
      .replace("https://queue.fal.run/", `${server}/queue/`)
      .replace("https://fal.run/", `${server}/run/`)
      .replace("https://rest.fal.ai/", `${server}/`);
  const recipes = {
    J2: { requestMiddleware: async (request) => ({ ...request, url: rewrite(request.url) }) },
    J4: { proxyUrl: `${server}/api/fal/proxy` },
  };
  const credentials = key ? { credentials: key, suppressLocalCredentialsWarning: true } : {};
  return createFalClient({ ...recipes[recipe], ...credentials });
}

async function caught(promise) {
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
      },
    };
  }
}

const until = (target, event) =>
  new Promise((resolve, reject) => {
    target.addEventListener(event, resolve, { once: true });
    target.addEventListener("error", () => reject(new Error(target.error?.message)), { once: true });
  });

window.wire = {
  run: ({ door, input }) => caught(clientFor(door).run(EP, { input })),

  async subscribe({ door, options }) {
    const updates = [];
    const onQueueUpdate = (update) => updates.push(structuredClone(update));
    return { ...(await caught(clientFor(door).subscribe(EP, { ...options, onQueueUpdate }))), updates };
  },

  // Methods of `fal.queue` in turn; "$id" stands for the last submit's request id.
  async queue({ door, calls }) {
    const outcomes = [];
    let id;
    for (const [method, options] of calls) {
      if (options.requestId === "$id") options.requestId = id;
      const outcome = await caught(clientFor(door).queue[method](EP, options));
      if (method === "submit") id = outcome.value?.request_id;
      outcomes.push(outcome);
    }
    return outcomes;
  },

  async upload({ door, size, type }) {
    const bytes = crypto.getRandomValues(new Uint8Array(size));
    const outcome = await caught(clientFor(door).storage.upload(new Blob([bytes], { type })));
    if (!outcome.value) return outcome;
    const served = await fetch(outcome.value);
    const back = new Uint8Array(await served.arrayBuffer());
    const same = back.length === size && back.every((byte, i) => byte === bytes[i]);
    return { ...outcome, same, type: served.headers.get("content-type") };
  },

  // A request as the page's own code would make it: what the page may read of the answer, or that it may not.
  async probe({ url, options }) {
    try {
      const response = await fetch(url, options);
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      };
    } catch (error) {
      return { blocked: error.message };
    }
  },

  // Load a film, jump to `to_s`, play on from there; `crossOrigin` lets a canvas read its pixels.
  async watch({ url, to_s }) {
    const video = document.createElement("video");
    video.muted = true;
    video.crossOrigin = "anonymous";
    video.preload = "auto";
    document.body.replaceChildren(video);
    const loaded = until(video, "loadeddata");
    video.src = url;
    await loaded;
    const seekable_s = video.seekable.end(0);
    const seeked = until(video, "seeked");
    video.currentTime = to_s;
    await seeked;
    const landed_s = video.currentTime;
    await video.play();
    await until(video, "timeupdate");
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const pen = canvas.getContext("2d");
    pen.drawImage(video, 0, 0, 1, 1);
    const pixel = Array.from(pen.getImageData(0, 0, 1, 1).data);
    const ended = until(video, "ended");
    video.currentTime = video.duration - 0.3;
    await ended;
    return {
      canPlay: video.canPlayType('video/mp4; codecs="avc1.640028, mp4a.40.2"'),
      size: [video.videoWidth, video.videoHeight],
      duration_s: video.duration,
      seekable_s,
      landed_s,
      pixel,
    };
  },
};
