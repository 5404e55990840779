import { isJsonObject, stringAt } from '../models/json-object.js';
import type { Bound, CounterUpdate } from '../ports/limit-store.js';

/** The input of DynamoDB's `UpdateItem` for an update. Without a counter to add or remove, it only sets when the item expires. */
export function updateItemInput(
  table: string,
  key: string,
  { add, remove = [], when = [], expiresAt }: CounterUpdate,
): object {
  const names = new Map<string, string>();
  const values = new Map<number, string>();
  const nameOf = (counter: string) => placeholder(names, counter, '#');
  const amountOf = (count: number) => placeholder(values, count, ':');
  const conditions = when.map((any) =>
    any.map((all) => all.map((bound) => condition(bound, nameOf, amountOf)).join(' AND ')),
  );
  const adds = Object.entries(add).map(([counter, count]) => `${nameOf(counter)} ${amountOf(count)}`);
  const update = [
    `SET ${nameOf('x')} = ${amountOf(expiresAt)}`,
    ...(adds.length > 0 ? [`ADD ${adds.join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.map(nameOf).join(', ')}`] : []),
  ];
  return {
    TableName: table,
    Key: { k: { S: key } },
    UpdateExpression: update.join(' '),
    // No alternative at all can never hold.
    ...(when.length > 0 && { ConditionExpression: conditions.map((any) => group(any)).join(' AND ') }),
    ExpressionAttributeNames: Object.fromEntries([...names].map(([counter, name]) => [name, counter])),
    ExpressionAttributeValues: Object.fromEntries([...values].map(([count, name]) => [name, { N: String(count) }])),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** The counters of an item; undefined if there is no item. */
export function readItem(item: unknown): Readonly<Record<string, number>> | undefined {
  if (!isJsonObject(item)) return undefined;
  const counters = Object.entries(item).flatMap(([name, value]) => {
    const count = Number(stringAt(value, 'N') ?? Number.NaN);
    return name === 'x' || Number.isNaN(count) ? [] : [[name, count] as const];
  });
  return Object.fromEntries(counters);
}

function placeholder<Value>(known: Map<Value, string>, value: Value, mark: '#' | ':'): string {
  const name = known.get(value) ?? `${mark}${known.size}`;
  known.set(value, name);
  return name;
}

/** A counter that is not there counts as 0. */
function condition(bound: Bound, nameOf: (counter: string) => string, amountOf: (count: number) => string): string {
  const name = nameOf(bound.counter);
  const isAtMost = 'atMost' in bound;
  const limit = isAtMost ? bound.atMost : bound.atLeast;
  const compared = `${name} ${isAtMost ? '<=' : '>='} ${amountOf(limit)}`;
  const holdsForZero = isAtMost ? limit >= 0 : limit <= 0;
  return holdsForZero ? `(attribute_not_exists(${name}) OR ${compared})` : compared;
}

/** AND binds more tightly than OR. DynamoDB refuses parentheses that are not needed. */
function group(alternatives: readonly string[]): string {
  const [only] = alternatives;
  if (only === undefined) return 'attribute_exists(k) AND attribute_not_exists(k)';
  return alternatives.length === 1 ? only : `(${alternatives.join(' OR ')})`;
}
