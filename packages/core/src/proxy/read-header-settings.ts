import type { ClientOption } from '../access/access-policy.js';
import { latencies, readMetadata, serviceTiers } from '../access/bedrock-settings.js';
import type { ClientSettings, HttpHeaders } from '../dialects/dialect.js';
import type { RequestIssue } from '../errors/proxy-error.js';

const prefix = 'x-amzn-bedrock-';

/** The headers that set something, without their prefix. */
const options: Readonly<Record<string, ClientOption>> = {
  guardrailidentifier: 'guardrail',
  guardrailversion: 'guardrail',
  trace: 'trace',
  'performanceconfig-latency': 'latency',
  'service-tier': 'service-tier',
  'request-metadata': 'metadata',
};

const traces = ['ENABLED', 'DISABLED', 'ENABLED_FULL'] as const;

/** The issue of a setting at `path` that the caller may not make; none if it may. */
type Objections = (path: string, option: ClientOption) => readonly RequestIssue[];

/** Reads Bedrock's settings in the headers of the names `sent`: what the caller may not set, or has set wrongly, is an issue. */
export function readHeaderSettings(
  headers: HttpHeaders,
  sent: readonly string[],
  objections: Objections,
): Pick<ClientSettings, 'issues' | 'options'> {
  const issues: RequestIssue[] = sent.flatMap((path) => objectionsTo(path, headers[path] ?? [], objections));
  if (issues.length > 0) return { issues };

  const value = (name: string) => headers[prefix + name]?.[0];
  const objectTo = (name: string, message: string) => void issues.push({ path: prefix + name, message });
  const oneOf = <Word extends string>(name: string, words: readonly Word[]): Word | undefined => {
    const word = words.find((candidate) => candidate === value(name));
    if (word === undefined && value(name) !== undefined) objectTo(name, `Send one of ${words.join(', ')}.`);
    return word;
  };

  const [id, version] = [value('guardrailidentifier'), value('guardrailversion')];
  if (id !== undefined && version === undefined) {
    objectTo('guardrailidentifier', `Send ${prefix}guardrailversion with it.`);
  }
  if (id === undefined && version !== undefined) {
    objectTo('guardrailversion', `Send ${prefix}guardrailidentifier with it.`);
  }
  const trace = oneOf('trace', traces);
  if (trace && id === undefined) objectTo('trace', 'Send the headers of a guardrail with it.');
  const performanceLatency = oneOf('performanceconfig-latency', latencies);
  const serviceTier = oneOf('service-tier', serviceTiers);
  const sentMetadata = value('request-metadata');
  const { metadata, fault } = sentMetadata === undefined ? {} : readMetadata(parse(sentMetadata));
  if (fault !== undefined) objectTo('request-metadata', `The metadata ${fault}.`);
  if (issues.length > 0) return { issues };
  return {
    issues,
    options: {
      ...(id !== undefined && version !== undefined && { guardrail: { id, version, ...(trace && { trace }) } }),
      ...(performanceLatency && { performanceLatency }),
      ...(serviceTier && { serviceTier }),
      ...(metadata && { requestMetadata: metadata }),
    },
  };
}

function objectionsTo(path: string, values: readonly string[], objections: Objections): readonly RequestIssue[] {
  const name = path.slice(prefix.length);
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) return [{ path, message: 'Leave this header out: this proxy does not pass it on.' }];
  const found = objections(path, option);
  if (found.length > 0 || values.length === 1) return found;
  return [{ path, message: 'Send this header once: it is there more than once.' }];
}

/** Undefined for text that is not JSON. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
