import { isIPv6 } from 'node:net';
import { credentialForms } from './redact-credentials.js';

const longest = 600;
/** So much is looked at: room for what cleaning takes away, and a bound on the work. */
const longestRead = 8_000;

/** Where a stack begins, on a line of its own or in the sentence's own line. */
const stack =
  /\s+at (?:async |new )?(?:[\w.$<>/]+(?: \[as \w+\])? ?\((?:[^()\n]{1,300}:\d+|Native Method|Unknown Source)\)|[\w.:$@-]*[/\\][^\s]{0,300}:\d+)|\s*Traceback \(most recent call last\)/;

const address = /(?<![\w:.])[0-9a-f]*:[0-9a-f:.]*[0-9a-f:](?:%\w+)?(?![\w:])/gi;
const longRun = /[A-Za-z0-9+/=_-]{32,}/g;

/** What is none of a client's business, and what stands in its place. The order matters: the longer kinds come first. */
const secrets: readonly (readonly [what: RegExp, instead: string])[] = [
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

/** Bedrock's own sentence without what is none of a client's business: ARNs, account ids, hosts, addresses, tokens, stacks. */
export function cleanMessage(message: string): string {
  let clean = message.slice(0, longestRead).split(stack, 1)[0] ?? '';
  clean = clean.replace(address, (candidate) => (isIPv6(candidate) ? '[address]' : candidate));
  for (const [what, instead] of secrets) clean = clean.replace(what, instead);
  return clean
    .replace(longRun, (run) => (looksRandom(run) ? '[secret]' : run))
    .trim()
    .slice(0, longest)
    .replace(/[\ud800-\udbff]$/, '');
}

/** Keys and signatures are no words; paths into a payload and names of models are made of them. */
function looksRandom(run: string): boolean {
  return run
    .split(/[/=_-]+/)
    .some((segment) => !/^(?:\d+[a-z]?|[A-Za-z]?[a-z]*(?:[A-Z][a-z]+)*\d*|[A-Z]+)$/.test(segment));
}
