import { isJsonObject, objectsAt } from '../../models/json-object.js';
import { missingMembers, rewrite, type TopLevelMember } from '../../request/json-scan.js';
import type { ResolvedModel } from '../dialect.js';
import type { BetaTable } from './beta-table.js';
import { type MessagesRequest, parseSmall } from './read-request.js';

/** What goes to Bedrock of any request. */
export interface ShapeRules {
  readonly betaFor: BetaTable;
  /** Top-level members that are not sent. `context_management` is then sent only if Bedrock knows all of its edits. */
  readonly dropFields: ReadonlySet<string>;
}

/** What differs from call to call. */
export interface ShapeOptions {
  readonly settings?: ResolvedModel['settings'];
  /** Leaves out all betas. */
  readonly withoutBetas: boolean;
  /** Members that are cut and need no mention. */
  readonly cut?: (member: TopLevelMember) => boolean;
  /** Members for a request that does not have them. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** A request as it goes to Bedrock. */
export interface RequestShape {
  readonly body: Uint8Array;
  readonly hasBetas: boolean;
  /** What was left out, such as `anthropic-beta=a,b; body=service_tier`. */
  readonly dropped?: string;
}

/** Bedrock's own version of the API, which every Claude model takes. */
const bedrockVersion = 'bedrock-2023-05-31';
const contextField = 'context_management';
const contextBeta = 'context-management-2025-06-27';
const compactBeta = 'compact-2026-01-12';
const replaced: ReadonlySet<string> = new Set(['model', 'stream', 'anthropic_version', 'anthropic_beta']);

/**
 * The client's own bytes with other top-level members: nothing below the top level is touched, or prompt caching and signed thinking
 * would break.
 */
export function shapeRequest(
  { object, betas }: Pick<MessagesRequest, 'object' | 'betas'>,
  rules: ShapeRules,
  { settings, withoutBetas, cut = () => false, defaults }: ShapeOptions,
): RequestShape {
  const { betaFor, dropFields } = withoutBetas ? { ...rules, betaFor: () => undefined } : rules;
  const sentBetas = new Set(betas.flatMap((beta) => betaFor(beta) ?? []));
  const droppedBetas = betas.filter((beta) => betaFor(beta) === undefined);
  const compacts = compactsOnly(object.members) && betaFor(compactBeta) !== undefined;
  const keepsContext = rules.betaFor(contextBeta) !== undefined || compacts;
  const dropped = object.members.filter(({ key }) => dropFields.has(key) && !(key === contextField && keepsContext));
  if (compacts && dropFields.has(contextField)) sentBetas.add(compactBeta);
  const gone = new Set([...dropped, ...object.members.filter((member) => replaced.has(member.key) || cut(member))]);
  const body = rewrite(object, gone, {
    anthropic_version: settings?.anthropicVersion ?? bedrockVersion,
    ...(sentBetas.size > 0 && { anthropic_beta: [...sentBetas] }),
    ...without(missingMembers(object.json, { ...defaults, ...settings?.defaults }), sentBetas.size > 0),
  });
  const note = noteOf(droppedBetas, [...new Set(dropped.map(({ key }) => key))]);
  return { body, hasBetas: sentBetas.size > 0, ...(note !== '' && { dropped: note }) };
}

/** Defaults never give a member twice. */
function without(defaults: Readonly<Record<string, unknown>>, hasBetas: boolean): Readonly<Record<string, unknown>> {
  const { anthropic_version: _, anthropic_beta: betas, ...rest } = defaults;
  return hasBetas || betas === undefined ? rest : { anthropic_beta: betas, ...rest };
}

/** Whether the client asks for no other edit of its context than the one that Bedrock knows. */
function compactsOnly(members: readonly TopLevelMember[]): boolean {
  const value = parseSmall(members.findLast(({ key }) => key === contextField));
  const edits = isJsonObject(value) ? value['edits'] : undefined;
  if (!Array.isArray(edits) || edits.length === 0) return false;
  const types = objectsAt(value, 'edits').map(({ type }) => type);
  return types.length === edits.length && types.every((type) => type === 'compact_20260112');
}

const longestNote = 1_000;

/** What was left out, as it is told in a header and in the log. */
function noteOf(betas: readonly string[], fields: readonly string[]): string {
  const parts = [
    ...(betas.length > 0 ? [`anthropic-beta=${betas.map(printable).join(',')}`] : []),
    ...(fields.length > 0 ? [`body=${fields.map(printable).join(',')}`] : []),
  ];
  return parts.join('; ').slice(0, longestNote);
}

/** The client chose the name: a header can hold only some of its characters. */
function printable(name: string): string {
  return name.slice(0, 64).replace(/[^\w.:-]/g, '_');
}
