import { isIPv6 } from 'node:net';
import { credentialForms, cutText } from './describe-cause.js';

const maxLength = 600;
/** Limits the work. It is larger than `maxLength`, because cleaning removes text. */
const maxInputLength = 2_048;

// Each pattern takes linear time for any text: it begins only where a run of its characters begins, or its runs are limited.

/** The start of a stack trace, on its own line or in the line of the message. */
const stack =
  /(?<!\s)\s+at (?:async |new )?(?:[\w.$<>/]{1,300}(?: \[as \w{1,100}\])? ?\((?:[^()\n]{1,300}:\d{1,10}|Native Method|Unknown Source)\)|[\w.:$@-]{0,300}[/\\][^\s]{0,300}:\d)|(?:(?<!\s)\s+)?Traceback \(most recent call last\)/;

const address = /(?<![\w:.])[0-9a-f]*:[0-9a-f:.]*[0-9a-f:](?:%\w+)?(?![\w:])/gi;
const longRun = /[A-Za-z0-9+/=_-]{32,}/g;

/**
 * The last labels of host names. Country codes that are words of English or of JSON are missing: `content.id` and `input.is` are paths
 * into a payload.
 */
const domains = [
  ...['com', 'net', 'org', 'info', 'biz', 'edu', 'gov', 'mil', 'int', 'arpa', 'aws', 'ai', 'app', 'cloud', 'dev', 'io'],
  ...['online', 'page', 'site', 'tech', 'xyz', 'zone', 'company', 'network', 'systems', 'services', 'example', 'test'],
  ...['internal', 'local', 'localdomain', 'localhost', 'corp', 'lan', 'home', 'intranet', 'private', 'svc', 'onion'],
  ...['ae', 'ar', 'au', 'bg', 'br', 'ca', 'ch', 'cl', 'cn', 'cz', 'de', 'dk', 'ee', 'es', 'eu', 'fi', 'fr', 'gr', 'hk'],
  ...['hr', 'hu', 'ie', 'il', 'jp', 'kr', 'lt', 'lu', 'lv', 'mx', 'nl', 'nz', 'pe', 'pl', 'pt', 'ro', 'rs', 'ru', 'sa'],
  ...['se', 'sg', 'si', 'sk', 'tr', 'tw', 'ua', 'uk', 'vn', 'za'],
];

/** Patterns of details that a client must not see, each with its replacement. Longer forms come first. */
const secrets: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/arn:[\w-]*:[^\s"'`,;)\]}>]+/gi, '[arn]'],
  [/[a-z][a-z0-9+-]{0,30}:\/\/[^\s"'`,;)\]}>]+/gi, '[url]'],
  ...credentialForms,
  [/\b(?:assumed-role|federated-user|instance-profile|role)\/[\w+=,.@/-]*[\w+=@/-]/gi, '[role]'],
  [/\bAWSReservedSSO_[\w+=@-]+/g, '[role]'],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}/g, '[address]'],
  [new RegExp(`\\b(?:[\\w-]{1,63}\\.){1,10}(?:${domains.join('|')})(?![\\w-]|\\.\\w)(?::\\d{1,5})?`, 'gi'), '[host]'],
  // A name with a port is a host below any domain. The numbers in model ids are shorter, or follow a colon.
  [/(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,10}[a-z][a-z0-9-]{1,62}:\d{2,5}(?![\w:.])/gi, '[host]'],
  [/\blocalhost(?::\d{1,5})?(?!\w)/gi, '[host]'],
  [/\bip-\d{1,3}(?:-\d{1,3}){3}(?:\.[\w-]{1,63}){0,10}/gi, '[host]'],
  [/\b(?:vpce|vpc|subnet|sg|eni|i)-[0-9a-f]{8,17}\b[\w-]*/g, '[resource]'],
  [/(?<![\w.])\/(?:var|opt|home|usr|tmp|root|etc|app|local|Users)\/[^\s"'`,;)\]}>]*/g, '[path]'],
  [/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/g, '[address]'],
  [/(?<!\d)(?:\d{12}|\d{4}-\d{4}-\d{4})(?!\d)/g, '[account]'],
];

/** Removes details from a message of Bedrock: ARNs, account ids, hosts, addresses, tokens and stack traces. */
export function cleanMessage(message: string): string {
  let clean = cutText(message, maxInputLength).split(stack, 1)[0] ?? '';
  clean = clean.replace(address, (candidate) => (isIPv6(candidate) ? '[address]' : candidate));
  for (const [pattern, replacement] of secrets) clean = clean.replace(pattern, replacement);
  return clean
    .replace(longRun, (run) => (looksRandom(run) ? '[secret]' : run))
    .trim()
    .slice(0, maxLength)
    .replace(/[\ud800-\udbff]$/, '');
}

/** Whether a long run is a key or a signature. Unlike these, paths into a payload and model names consist of words. */
function looksRandom(run: string): boolean {
  return run
    .split(/[/=_-]+/)
    .some((segment) => !/^(?:\d+[a-z]?|[A-Za-z]?[a-z]*(?:[A-Z][a-z]+)*\d*|[A-Z]+)$/.test(segment));
}

/** Every pattern of this file, for the test of their cost. */
export const cleaningPatterns: readonly RegExp[] = [stack, address, longRun, ...secrets.map(([pattern]) => pattern)];
