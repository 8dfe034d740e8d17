declare global {
  interface JSON {
    /** A text that is written into JSON as it is; part of the engine, not yet of the compiler's library. */
    rawJSON(text: string): unknown;
  }
}

/** A number that keeps its digits in JSON: `25.00` stays `25.00`. */
export const numberToken = (digits: string): unknown => JSON.rawJSON(digits);
