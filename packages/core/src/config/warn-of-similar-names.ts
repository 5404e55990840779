import type { Logger } from '../ports/logger.js';
import type { Environment } from './environment.js';
import { type VariableName, variableDefaults } from './variable-defaults.js';

/** Shorter names, such as `HOST`, are close to many that belong to other programs, such as `HOME`. */
const shortestName = 6;
const knownNames = (Object.keys(variableDefaults) as VariableName[]).filter(({ length }) => length >= shortestName);
/** More edits would find names that belong to other programs. */
const mostEdits = 2;

/**
 * Warns of each variable whose name is close to a known one, such as `AUTH_TOKEM`. It has no effect, so the proxy could be open although
 * a token is set. Reads names only.
 */
export function warnOfSimilarNames(environment: Environment, logger: Logger): void {
  for (const [variable, value] of Object.entries(environment)) {
    if (value === undefined || value === '' || Object.hasOwn(variableDefaults, variable)) continue;
    const similar = mostSimilar(variable);
    if (similar === undefined) continue;
    logger.warn(
      { event: 'config.unknown', variable, similar },
      `${variable} is set, but no such variable is known. Rename it if ${similar} is meant.`,
    );
  }
}

function mostSimilar(variable: string): VariableName | undefined {
  // Environment variables are case-sensitive, so a known name in lower case is unknown too.
  const name = variable.toUpperCase();
  const [closest] = knownNames
    .filter((known) => Math.abs(known.length - name.length) <= mostEdits && mayBeClose(name, known))
    .map((known) => ({ known, edits: editsBetween(name, known) }))
    .filter(({ edits }) => edits <= mostEdits)
    .sort((one, other) => one.edits - other.edits);
  return closest?.known;
}

/** Whether the ends of two names have a character in common, within `mostEdits` of its place. Without one, they are three edits apart. */
function mayBeClose(one: string, other: string): boolean {
  const count = mostEdits + 1;
  const reach = count + mostEdits;
  return hasAny(other.slice(0, reach), one.slice(0, count)) && hasAny(other.slice(-reach), one.slice(-count));
}

function hasAny(text: string, characters: string): boolean {
  for (const character of characters) if (text.includes(character)) return true;
  return false;
}

/**
 * The smallest number of inserted, removed, replaced and swapped characters that turns one name into the other; `Infinity` if it is
 * above `mostEdits`. Most names differ within a few characters, and a function has dozens of variables at every cold start.
 */
function editsBetween(one: string, other: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: mostEdits + 1 }, (_, column) => column);
  let fewestOfLast = 0;
  for (let row = 1; row <= one.length; row++) {
    // To be further apart than this takes as many edits.
    const first = Math.max(row - mostEdits, 1);
    const end = Math.min(row + mostEdits, other.length);
    const current: number[] = [];
    current[0] = row;
    let fewest = row;
    for (let column = first; column <= end; column++) {
      const replaced = at(last, column - 1) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const swapped = row > 1 && column > 1 && isSwap ? at(beforeLast, column - 2) + 1 : Infinity;
      const edits = Math.min(replaced, swapped, at(last, column) + 1, at(current, column - 1) + 1);
      if (edits < fewest) fewest = edits;
      current[column] = edits;
    }
    // A swap reaches back two rows, so both must be above.
    if (fewest > mostEdits && fewestOfLast > mostEdits) return Infinity;
    fewestOfLast = fewest;
    [beforeLast, last] = [last, current];
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
