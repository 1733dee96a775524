// fal.run: the answer, and the id that the client read from its header.
import { EP, ask, caught, fal, tell } from "./recipes.mjs";

tell(await caught(fal.run(EP, { input: ask.input })));
