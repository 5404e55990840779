import { describe, expect, it } from 'vitest';
import { instantOf, minuteMs } from './instant.js';
import { takenBy } from './plan-admission.js';
import { planSettle } from './plan-settle.js';
import type { SharedLimits } from './shared-limits.js';

const noon = Date.UTC(2026, 10, 26, 12);
const minute = noon / minuteMs;
const at = instantOf(noon);
const all: SharedLimits = {
  ...{ requestsPerMinute: 8, tokensPerMinute: 800, concurrent: 3 },
  ...{ tokensPerDay: 1_000, tokensPerMonth: 2_000, nanoPerDay: 20_000, nanoPerMonth: 30_000 },
};
const estimate = {
  ...{ inputTokens: 100, outputTokens: 400, usualOutputTokens: 50 },
  ...{ inputNano: 1_000, mostNano: 9_000, remainingMs: 90_000 },
};
const taken = takenBy(all, estimate, at);
const dead = minute + 3;
const used = { tokens: 120, nano: 2_000, called: true };
const expiresAt = noon / 1_000 + 40 * 86_400;

describe('planSettle', () => {
  it('gives back what was held, and books what was used', () => {
    const holds = [
      [[{ counter: `e${dead}`, atLeast: 1 }]],
      [[{ counter: `h20261126.${dead}`, atLeast: 400 }]],
      [[{ counter: `H20261126.${dead}`, atLeast: 8_000 }]],
    ];
    expect(planSettle(all, taken, used, at)).toEqual([
      {
        add: {
          ...{ n: -1, [`e${dead}`]: -1, [`t${minute}`]: 120 - 150 },
          ...{ d20261126: 120 - 500, m202611: 120 - 500, [`h20261126.${dead}`]: -400 },
          ...{ D20261126: 2_000 - 9_000, M202611: 2_000 - 9_000, [`H20261126.${dead}`]: -8_000 },
        },
        when: holds,
        expiresAt,
      },
      // The call was taken as dead: only its estimated input is left of it.
      {
        add: {
          ...{ [`t${minute}`]: 120 - 150, d20261126: 120 - 100, m202611: 120 - 100 },
          ...{ D20261126: 2_000 - 1_000, M202611: 2_000 - 1_000 },
        },
        expiresAt,
      },
    ]);
  });

  it.each([
    [{ concurrent: 3 }, [{ n: -1, [`e${dead}`]: -1 }]],
    [{ requestsPerMinute: 8 }, []],
    [{ tokensPerMinute: 800 }, [{ [`t${minute}`]: -30 }]],
    [{ tokensPerDay: 800 }, [{ d20261126: -380, [`h20261126.${dead}`]: -400 }, { d20261126: 20 }]],
    [{ tokensPerMonth: 800 }, [{ m202611: -380, [`h20261126.${dead}`]: -400 }, { m202611: 20 }]],
    [{ nanoPerDay: 20_000 }, [{ D20261126: -7_000, [`H20261126.${dead}`]: -8_000 }, { D20261126: 1_000 }]],
    [{ nanoPerMonth: 20_000 }, [{ M202611: -7_000, [`H20261126.${dead}`]: -8_000 }, { M202611: 1_000 }]],
  ] as [SharedLimits, object[]][])('adds for %j alone %j', (limits, adds) => {
    const updates = planSettle(limits, takenBy(limits, estimate, at), used, at);
    expect(updates.map(({ add }) => add)).toEqual(adds);
  });

  it('keeps the item for as long as its limits matter, from now', () => {
    const [update] = planSettle({ concurrent: 3 }, taken, used, instantOf(noon + 1));
    expect(update?.expiresAt).toBe(noon / 1_000 + 1 + 3_600);
  });

  it('is nothing if nothing is to be booked', () => {
    const exact = { tokens: 150, nano: 0, called: true };
    expect(planSettle({ tokensPerMinute: 800 }, taken, exact, at, { [`r${minute - 50}`]: 1 })).toEqual([]);
    const noOutput = takenBy({ tokensPerDay: 9 }, { ...estimate, outputTokens: 0 }, at);
    expect(planSettle({ tokensPerDay: 9 }, noOutput, { ...exact, tokens: 100 }, at)).toEqual([]);
  });

  it('has no condition if nothing was held', () => {
    const limits = { tokensPerDay: 1_000, nanoPerDay: 1_000 };
    const noOutput = takenBy(limits, { ...estimate, outputTokens: 0, inputNano: 9_000 }, at);
    expect(planSettle(limits, noOutput, used, at)).toMatchObject([
      { add: { d20261126: 20, D20261126: -7_000 }, when: [] },
    ]);
  });

  it.each([
    [0, `t${minute}`, `t${minute}`],
    [59_999, `t${minute}`, `t${minute}`],
    [60_000, `t${minute}`, `t${minute + 1}`],
    [119_999, `t${minute}`, `t${minute + 1}`],
    [120_000, undefined, `t${minute + 2}`],
  ])('books less in the minute of the call, and more in this one: after %i ms', (ms, less, more) => {
    const limits = { tokensPerMinute: 800 };
    const now = instantOf(noon + ms);
    const adds = (tokens: number) => planSettle(limits, taken, { ...used, tokens }, now).map(({ add }) => add);
    expect(adds(149)).toEqual(less === undefined ? [] : [{ [less]: -1 }]);
    expect(adds(151)).toEqual([{ [more]: 1 }]);
  });

  it('gives the request back if no call was made, but for a minute that no longer counts', () => {
    const limits = { requestsPerMinute: 8 };
    const give = (ms: number) => planSettle(limits, taken, { ...used, called: false }, instantOf(noon + ms));
    expect(give(119_999).map(({ add }) => add)).toEqual([{ [`r${minute}`]: -1 }]);
    expect(give(120_000)).toEqual([]);
    expect(planSettle({ concurrent: 1 }, taken, { ...used, called: false }, at)[0]?.add).toEqual({
      n: -1,
      [`e${dead}`]: -1,
    });
  });

  it('removes counters of what is over, and holds of nothing if they still are', () => {
    const seen = {
      ...{ [`r${minute - 3}`]: 1, [`t${minute - 3}`]: 1, [`r${minute - 2}`]: 1, [`t${minute - 2}`]: 1 },
      ...{ d20261124: 1, D20261124: 1, d20261125: 1, D20261125: 1, m202609: 1, M202609: 1, m202610: 1, M202610: 1 },
      ...{
        [`e${minute - 5}`]: 0,
        [`h20261126.${minute - 5}`]: 0,
        [`H20261126.${minute + 5}`]: 0,
        [`e${minute - 4}`]: 1,
      },
      ...{ n: 0, [`e${dead}`]: 0 },
    };
    const [tidying, settle, late, ...others] = planSettle(all, taken, used, at, seen);
    expect(others).toEqual([]);
    expect(tidying).toEqual({
      ...settle,
      remove: [
        ...[`r${minute - 3}`, `t${minute - 3}`, 'd20261124', 'D20261124', 'm202609', 'M202609'],
        ...[`e${minute - 5}`, `h20261126.${minute - 5}`, `H20261126.${minute + 5}`],
      ],
      when: [
        ...(settle?.when ?? []),
        ...[`e${minute - 5}`, `h20261126.${minute - 5}`, `H20261126.${minute + 5}`].map((counter) => [
          [{ counter, atMost: 0 }],
        ]),
      ],
    });
    expect(settle?.remove).toBeUndefined();
    expect(late?.add).not.toHaveProperty('n');
  });

  it('removes what is over in the same update if nobody can have begun to use it', () => {
    const updates = planSettle({ tokensPerMinute: 800 }, taken, used, at, { [`t${minute - 3}`]: 1 });
    expect(updates).toMatchObject([{ add: { [`t${minute}`]: -30 }, remove: [`t${minute - 3}`] }]);
  });

  it('removes no counter that it changes, and at most 20', () => {
    const old = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`r${minute - 10 - n}`, 1]));
    const [tidying] = planSettle(all, taken, used, at, { ...old });
    expect(tidying?.remove).toHaveLength(20);
    const later = instantOf(noon + 3 * 86_400_000);
    const [own] = planSettle({ tokensPerDay: 1_000 }, taken, used, later, { d20261126: 500, d20261125: 1 });
    expect(own?.remove).toEqual(['d20261125']);
  });

  it('removes no count of calls under way, which another call may just have begun to use', () => {
    const seen = { n: 0, [`e${minute - 5}`]: 0 };
    expect(planSettle({ tokensPerDay: 900 }, taken, used, at, seen)[0]?.remove).toEqual([`e${minute - 5}`]);
  });

  it('keeps the day before until this one is over', () => {
    const last = instantOf(Date.UTC(2026, 10, 26, 23, 59, 59, 999));
    const seen = { d20261125: 1, d20261124: 1 };
    expect(planSettle({ tokensPerDay: 900 }, taken, used, last, seen)[0]?.remove).toEqual(['d20261124']);
  });

  it('knows the day and the month before, also over the end of a year', () => {
    const newYear = instantOf(Date.UTC(2027, 0, 1));
    const seen = { d20261231: 1, d20261230: 1, m202612: 1, m202611: 1 };
    const call = takenBy({ tokensPerDay: 900 }, estimate, newYear);
    expect(planSettle({ tokensPerDay: 900 }, call, used, newYear, seen)[0]?.remove).toEqual(['d20261230', 'm202611']);
  });
});
