/**
 * Joins surrogate halves that a model sent in two deltas: a high one at the end of a piece is held and put in front of the next.
 * `flush` gives back one that is still held at the end.
 */
export function createSurrogateJoiner(): { join(text: string): string; flush(): string } {
  let held = '';
  return {
    join(text) {
      const whole = held === '' ? text : held + text;
      const last = whole.charCodeAt(whole.length - 1);
      if (last < 0xd800 || last > 0xdbff) {
        held = '';
        return whole;
      }
      held = whole.slice(-1);
      return whole.slice(0, -1);
    },
    flush() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}
