import { isIPv6 } from 'node:net';
import { credentialForms } from './describe-cause.js';

const maxLength = 600;
/** Limits the work. It is larger than `maxLength`, because cleaning removes text. */
const maxInputLength = 8_000;

/** The start of a stack trace, on its own line or in the line of the message. */
const stack =
  /\s+at (?:async |new )?(?:[\w.$<>/]+(?: \[as \w+\])? ?\((?:[^()\n]{1,300}:\d+|Native Method|Unknown Source)\)|[\w.:$@-]*[/\\][^\s]{0,300}:\d+)|\s*Traceback \(most recent call last\)/;

const address = /(?<![\w:.])[0-9a-f]*:[0-9a-f:.]*[0-9a-f:](?:%\w+)?(?![\w:])/gi;
const longRun = /[A-Za-z0-9+/=_-]{32,}/g;

/** Patterns of details that a client must not see, each with its replacement. Longer forms come first. */
const secrets: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/arn:[\w-]*:[^\s"'`,;)\]}>]+/gi, '[arn]'],
  [/\b[a-z][a-z0-9+-]*:\/\/[^\s"'`,;)\]}>]+/gi, '[url]'],
  ...credentialForms,
  [/\b(?:assumed-role|federated-user|instance-profile|role)\/[\w+=,.@/-]*[\w+=@/-]/gi, '[role]'],
  [/\bAWSReservedSSO_[\w+=@-]+/g, '[role]'],
  [/[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g, '[address]'],
  [
    /\b(?:[\w-]{1,63}\.){1,10}(?:amazonaws\.com(?:\.cn)?|amazon\.com|api\.aws|on\.aws|aws\.dev|internal|local|corp)\b(?::\d+)?/gi,
    '[host]',
  ],
  [/\bip-\d+-\d+-\d+-\d+(?:\.[\w-]+)*/gi, '[host]'],
  [/\b(?:vpce|vpc|subnet|sg|eni|i)-[0-9a-f]{8,17}\b[\w-]*/g, '[resource]'],
  [/(?<![\w.])\/(?:var|opt|home|usr|tmp|root|etc|app|local|Users)\/[^\s"'`,;)\]}>]*/g, '[path]'],
  [/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/g, '[address]'],
  [/(?<!\d)(?:\d{12}|\d{4}-\d{4}-\d{4})(?!\d)/g, '[account]'],
];

/** Removes details from a message of Bedrock: ARNs, account ids, hosts, addresses, tokens and stack traces. */
export function cleanMessage(message: string): string {
  let clean = message.slice(0, maxInputLength).split(stack, 1)[0] ?? '';
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
