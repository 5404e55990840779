import { expect, it } from 'vitest';
import { instantOf } from '../limits/instant.js';
import { mostDead, planAdmission, takenBy } from '../limits/plan-admission.js';
import { readItem, updateItemInput } from './update-item.js';

it('is one update with its condition, that returns the item', () => {
  const when = [
    [[{ counter: 'n', atMost: 4 }]],
    [
      [
        { counter: 'r1', atMost: 0 },
        { counter: 'r2', atMost: 7 },
      ],
      [{ counter: 'r1', atMost: 1 }],
    ],
    [[{ counter: 'e9', atLeast: 1 }]],
  ];
  expect(
    updateItemInput('limits', 'p|me|*|0', { add: { n: 1, r2: 1, e9: -1 }, remove: ['old'], when, expiresAt: 99 }),
  ).toEqual({
    TableName: 'limits',
    Key: { k: { S: 'p|me|*|0' } },
    UpdateExpression: 'SET #4 = :5 ADD #0 :3, #2 :3, #3 :4 REMOVE #5',
    ConditionExpression:
      '(attribute_not_exists(#0) OR #0 <= :0) AND ' +
      '((attribute_not_exists(#1) OR #1 <= :1) AND (attribute_not_exists(#2) OR #2 <= :2) OR (attribute_not_exists(#1) OR #1 <= :3)) AND ' +
      '#3 >= :3',
    ExpressionAttributeNames: { '#0': 'n', '#1': 'r1', '#2': 'r2', '#3': 'e9', '#4': 'x', '#5': 'old' },
    ExpressionAttributeValues: {
      ':0': { N: '4' },
      ':1': { N: '0' },
      ':2': { N: '7' },
      ':3': { N: '1' },
      ':4': { N: '-1' },
      ':5': { N: '99' },
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
});

it('needs no condition, nothing to add and nothing to remove', () => {
  expect(updateItemInput('t', 'k', { add: {}, expiresAt: 9 })).toMatchObject({ UpdateExpression: 'SET #0 = :0' });
  expect(updateItemInput('t', 'k', { add: {}, when: [], remove: [], expiresAt: 9 })).not.toHaveProperty(
    'ConditionExpression',
  );
});

it('reads the counters of an item, and no more', () => {
  const item = { k: { S: 'p' }, x: { N: '9' }, n: { N: '2' }, r5: { N: '-3' }, note: { S: 'x' }, odd: 5 };
  expect(readItem(item)).toEqual({ n: 2, r5: -3 });
  expect(readItem(undefined)).toBeUndefined();
});

it('keeps the bounds of DynamoDB with every limit: 4 KB and 300 operators in an expression', () => {
  const big = 9_000_000_000_000_000;
  const limits = {
    ...{ requestsPerMinute: big, tokensPerMinute: big, concurrent: big },
    ...{ tokensPerDay: big, tokensPerMonth: big, nanoPerDay: big, nanoPerMonth: big },
  };
  const estimate = { inputTokens: 1, outputTokens: 1, usualOutputTokens: 1, inputNano: 1, mostNano: 2 };
  const at = instantOf(Date.UTC(2026, 10, 26, 12, 0, 59));
  const holds = Array.from({ length: mostDead }, (_, n) => [`h20261126.${29_928_000 + n}`, n + 1]);
  const dead: Readonly<Record<string, number>> = Object.fromEntries(holds);
  const update = planAdmission(limits, takenBy(limits, estimate, at), dead);
  const { ConditionExpression = '' }: { ConditionExpression?: string } = updateItemInput('t', 'k', update);
  expect(ConditionExpression.length).toBeLessThan(4_096);
  const operators = ConditionExpression.match(/attribute_not_exists|<=|>=|\bAND\b|\bOR\b/g) ?? [];
  expect(operators.length).toBeGreaterThan(200);
  expect(operators.length).toBeLessThanOrEqual(300);
});
