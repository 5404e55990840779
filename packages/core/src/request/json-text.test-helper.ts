import fc from 'fast-check';

/** White space between tokens. Together, these texts are JSON as a client may write it, and not as `JSON.stringify` does. */
export const whiteSpace = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r'), maxLength: 3 });

/** The inside of a JSON string as a client may spell it: structural characters, escapes, lone surrogates. */
const spelled = fc
  .array(
    fc.oneof(
      fc.constantFrom('{', '}', '[', ']', ',', ':', ' ', 'modelId', 'stream', "'", 'é', '😀', '\u2028', '\u0085'),
      fc.constantFrom('\\"', '\\\\', '\\/', '\\n', '\\u0022', '\\u005c', '\\ud83d', '\\uDE00', '\\u0000'),
      fc.string({ maxLength: 3 }).map((text) => JSON.stringify(text).slice(1, -1)),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
/** A string token. */
export const string = spelled.map((inside) => `"${inside}"`);

const scalar = fc.oneof(
  string,
  fc.constantFrom('1e400', '-1E-400', '0.10', '-0', '0e+00', '12345678901234567890.50', '9007199254740993'),
  fc.constantFrom('true', 'false', 'null'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);

const spaced = (parts: fc.Arbitrary<string>) =>
  fc.tuple(whiteSpace, parts, whiteSpace).map(([before, part, after]) => before + part + after);

/** Any value. */
export const value = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('array'), tie('object')),
  array: fc.array(spaced(tie('value')), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
  object: fc
    .array(fc.tuple(spaced(string), spaced(tie('value'))), { maxLength: 3 })
    .map((members) => `{${members.map((member) => member.join(':')).join(',')}}`),
})).value;

/** A key as a string token, any of its characters escaped. */
export const keyToken = (key: string) =>
  fc
    .tuple(
      ...[...key].map((character) => fc.constantFrom(character, escaped(character), escaped(character).toUpperCase())),
    )
    .map((characters) => `"${characters.join('').replaceAll('\\U', '\\u')}"`);

/** A member of an object. */
export const segment = (key: fc.Arbitrary<string>, member: fc.Arbitrary<string>) =>
  fc.tuple(spaced(key), spaced(member)).map(([name, content]) => `${name}:${content}`);

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The ways to write a text as a string token. */
export function spellings(text: string): readonly string[] {
  return [JSON.stringify(text), `"${text.split('').map(escaped).join('')}"`];
}
