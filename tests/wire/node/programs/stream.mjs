// fal.stream, which this endpoint does not have.
import { EP, ask, caught, fal, tell } from "./recipes.mjs";

const stream = await fal.stream(EP, { input: ask.input });
tell(await caught(stream.done()));
