// A refused submit, and what `getFieldErrors` finds for each field that was sent.
import { EP, ask, caught, fal, tell } from "./recipes.mjs";

const fieldErrors = {};
const outcome = await caught(
  fal.queue.submit(EP, { input: ask.input }).catch((error) => {
    for (const field of Object.keys(ask.input)) fieldErrors[field] = error.getFieldErrors(field);
    throw error;
  }),
);
tell({ ...outcome, fieldErrors });
