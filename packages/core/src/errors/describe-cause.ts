/** In bytes. A longer message is mostly input that it quotes. */
const longestMessage = 2_048;
const longestStack = 4_096;

/** What the log says of an error: its name, message and stack, and those of its causes, cut and without credentials. */
export function describeCause(error: unknown, depth = 4): object {
  if (!(error instanceof Error)) return { message: describeText(nameOf(error)) };
  return {
    name: describeText(error.name),
    message: describeText(error.message),
    ...(typeof error.stack === 'string' && { stack: describeStack(error.stack, error.message) }),
    ...(error.cause !== undefined && depth > 1 && { cause: describeCause(error.cause, depth - 1) }),
  };
}

/** A text from elsewhere as the log has it: cut first, so that its length costs nothing, then without credentials. */
export function describeText(text: string): string {
  const described = redactCredentials(cutText(text, longestMessage));
  const { read } = new TextEncoder().encodeInto(described, new Uint8Array(longestMessage));
  return described.slice(0, read);
}

/** A stack begins with the message, however long it is. */
function describeStack(stack: string, message: string): string {
  const frames = stack.indexOf(message) + message.length;
  if (message.length <= longestMessage || frames < message.length) {
    return redactCredentials(cutText(stack, longestMessage + longestStack));
  }
  return describeText(message) + redactCredentials(cutText(stack.slice(frames), longestStack));
}

/** How far back from the cut a word may begin and still be left out whole. */
const longestWord = 200;

/**
 * The text, cut at `length` characters. A word that the cut would split is left out: the first half of a credential no longer looks like
 * one.
 */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  for (let end = length; end > Math.max(0, length - longestWord); end--) {
    if (isSpace(text.charCodeAt(end))) return text.slice(0, end);
  }
  return text.slice(0, length);
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

// An object is named and no more: it may hold an answer, or have nothing that makes a string of it.
function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}

/** Patterns of credentials, each with its replacement. */
export const credentialForms: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/AWS4-(?:HMAC|ECDSA-P256)-SHA256\b[^"'`]{0,800}?\bSignature=\w+/g, '[signature]'],
  [/\bbearer\s+[^\s"'`,;]+/gi, '[token]'],
  [/\beyJ[\w-]{6,}(?:\.[\w-]*){0,4}/g, '[token]'],
  // The name of a scheme goes before the credential, which is the part to hide.
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*)["']?(?:[a-z][\w-]{0,30}\s+)?[^\s"'`,;&)]+/gi, '$1[secret]'],
  [/\b(?:[Bb]asic|BASIC)\s+(?=[a-z]{0,30}[A-Z0-9+/=])[A-Za-z0-9+/=_-]{6,}/g, '[secret]'],
  [
    /\b((?:x-amz-[\w-]{1,128}|(?:aws_)?(?:session|security|access|secret|id)[-_ ]?(?:access[-_ ]?)?(?:token|key)(?:[-_ ]?id)?|signature|credential|password|api[-_ ]?key)["']?\s*[:=]\s*)["']?[^\s"'`,;&)]+/gi,
    '$1[secret]',
  ],
  [/\b(?:A3T[A-Z0-9]|A[A-Z]{2}A|ABSK|bedrock-api-key-)[A-Za-z0-9+/=_-]{12,}(?::[\w+=,.@-]+)?/g, '[key]'],
];

/** Replaces the credentials in a text with placeholders. Names, ARNs and hosts stay. */
export function redactCredentials(text: string): string {
  return credentialForms.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
}
