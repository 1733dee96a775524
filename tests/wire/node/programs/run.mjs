// fal.run: the answer, and the id that the client read from its header. With ASK.abort_ms the caller gives up.
import { EP, ask, caught, fal, tell } from "./recipes.mjs";

const abortSignal = ask.abort_ms ? AbortSignal.timeout(ask.abort_ms) : undefined;
tell(await caught(fal.run(EP, { input: ask.input, abortSignal })));
