import type { OpenDoor } from './door.ts';

/**
 * Public types must refer only to public types. Compares the names that break this rule with the allowed ones.
 *
 * @param allowed the text of `hidden-names.txt`: lines such as `@bedrock-proxy/core: ModelProxy -> OpenStream`, and comments
 * @returns one line for each problem: a hidden name that is not allowed, or an allowed name that is no longer hidden
 */
export function judgeHiddenNames(doors: readonly OpenDoor[], allowed: string): readonly string[] {
  const found = doors.flatMap(({ specifier, names }) =>
    names.flatMap(({ name, hidden }) => hidden.map((target) => `${specifier}: ${name} -> ${target}`)),
  );
  const listed = allowed.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return [
    ...found.filter((line) => !listed.includes(line)).map((line) => `${line} (no door exports it)`),
    ...listed.filter((line) => !found.includes(line)).map((line) => `${line} (no longer so: delete the line)`),
  ];
}
