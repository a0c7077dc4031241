/**
 * Rejecting from here is cheapest. Rejecting at once first tells the platform of a rejection that nobody handles yet, and
 * a throw makes the engine look up where it happened.
 */
const soon = Promise.resolve()

/** A promise rejected a microtask from now. */
export function rejected(reason: unknown): Promise<never> {
  return new Promise((_, reject) => {
    void soon.then(() => reject(reason))
  })
}
