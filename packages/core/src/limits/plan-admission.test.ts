import { describe, expect, it } from 'vitest';
import { holds } from './holds.js';
import { instantOf, minuteMs } from './instant.js';
import {
  deadHolds,
  deadMinuteOf,
  fits,
  heldOf,
  planAdmission,
  secondsUntilRoom,
  staircase,
  takenBy,
  withoutDead,
} from './plan-admission.js';
import type { SharedLimits } from './shared-limits.js';

const noon = Date.UTC(2026, 10, 26, 12);
const minute = noon / minuteMs;
const at = instantOf(noon);
const estimate = {
  ...{ inputTokens: 100, outputTokens: 400, usualOutputTokens: 50 },
  ...{ inputNano: 1_000, mostNano: 9_000, remainingMs: 90_000 },
};
const all: SharedLimits = {
  ...{ requestsPerMinute: 8, tokensPerMinute: 800, concurrent: 3 },
  ...{ tokensPerDay: 1_000, tokensPerMonth: 2_000, nanoPerDay: 20_000, nanoPerMonth: 30_000 },
};
const taken = takenBy(all, estimate, at);

describe('takenBy', () => {
  it('holds the whole output for days and months, and the usual output for the minute', () => {
    expect(taken).toEqual({
      ...{ at, deadMinute: minute + 3, expiresAt: noon / 1_000 + 40 * 86_400 },
      ...{ rateTokens: 150, tokens: 500, heldTokens: 400, nano: 9_000, heldNano: 8_000 },
    });
  });

  it('counts a minute no more output than the answer may have, and no more than the limit', () => {
    expect(takenBy(all, { ...estimate, usualOutputTokens: 500 }, at).rateTokens).toBe(500);
    expect(takenBy({ tokensPerMinute: 120 }, estimate, at).rateTokens).toBe(120);
  });

  it.each([
    [0, 1],
    [1, 2],
    [60_000, 2],
    [60_001, 3],
    [-5, 1],
    [undefined, 16],
  ])('takes a call with %s ms left as dead in minute %s from now', (remainingMs, dead) => {
    expect(takenBy(all, { ...estimate, remainingMs }, at).deadMinute).toBe(minute + dead);
    expect(takenBy(all, { ...estimate, remainingMs }, instantOf(noon + 1)).deadMinute).toBe(
      minute +
        (remainingMs === undefined || remainingMs === 0 || remainingMs === 60_000 || remainingMs === -5
          ? dead + 1
          : dead),
    );
  });

  it.each([
    [{ concurrent: 1 }, 3_600],
    [{ tokensPerDay: 1 }, 172_800],
    [{ nanoPerDay: 1 }, 172_800],
    [{ tokensPerMonth: 1 }, 3_456_000],
    [{ nanoPerMonth: 1, nanoPerDay: 1 }, 3_456_000],
  ])('keeps the item of %j for %i s', (limits, seconds) => {
    expect(takenBy(limits, estimate, instantOf(noon + 1)).expiresAt).toBe(noon / 1_000 + 1 + seconds);
  });
});

describe('planAdmission', () => {
  it('adds what each limit needs', () => {
    expect(planAdmission(all, taken).add).toEqual({
      ...{ [`r${minute}`]: 1, [`t${minute}`]: 150, n: 1, [`e${minute + 3}`]: 1 },
      ...{ d20261126: 500, m202611: 500, [`h20261126.${minute + 3}`]: 400 },
      ...{ D20261126: 9_000, M202611: 9_000, [`H20261126.${minute + 3}`]: 8_000 },
    });
  });

  it.each([
    [{ requestsPerMinute: 8 }, { [`r${minute}`]: 1 }],
    [{ tokensPerMinute: 800 }, { [`t${minute}`]: 150 }],
    [{ concurrent: 3 }, { n: 1, [`e${minute + 3}`]: 1 }],
    [{ tokensPerDay: 1_000 }, { d20261126: 500, [`h20261126.${minute + 3}`]: 400 }],
    [{ tokensPerMonth: 1_000 }, { m202611: 500, [`h20261126.${minute + 3}`]: 400 }],
    [{ nanoPerDay: 20_000 }, { D20261126: 9_000, [`H20261126.${minute + 3}`]: 8_000 }],
    [{ nanoPerMonth: 20_000 }, { M202611: 9_000, [`H20261126.${minute + 3}`]: 8_000 }],
  ] as [SharedLimits, object][])('adds for %j alone %j', (limits, add) => {
    expect(planAdmission(limits, takenBy(limits, estimate, at)).add).toEqual(add);
  });

  it.each([
    ['n', 2],
    ['d20261126', 500],
    ['m202611', 1_500],
    ['D20261126', 11_000],
    ['M202611', 21_000],
  ])('admits up to the limit: %s at %i', (counter, most) => {
    const { when } = planAdmission(all, taken);
    expect(holds(when, { [counter]: most })).toBe(true);
    expect(holds(when, { [counter]: most + 1 })).toBe(false);
  });

  it('needs every limit', () => {
    expect(planAdmission(all, taken).when).toHaveLength(7);
  });

  it('takes dead holds off, and raises the bounds by them', () => {
    const dead = { [`e${minute - 1}`]: 2, [`h20261126.${minute - 1}`]: 300, [`H20261125.${minute}`]: 7_000 };
    const { add, when } = planAdmission(all, taken, dead);
    expect(add).toEqual({
      ...{ [`r${minute}`]: 1, [`t${minute}`]: 150 },
      ...{ n: 1 - 2, [`e${minute + 3}`]: 1, [`e${minute - 1}`]: -2 },
      ...{
        d20261126: 500 - 300,
        m202611: 500 - 300,
        [`h20261126.${minute + 3}`]: 400,
        [`h20261126.${minute - 1}`]: -300,
      },
      ...{ D20261126: 9_000, D20261125: -7_000, M202611: 9_000 - 7_000 },
      ...{ [`H20261126.${minute + 3}`]: 8_000, [`H20261125.${minute}`]: -7_000 },
    });
    const full = { n: 4, d20261126: 800, m202611: 1_800, D20261126: 11_000, M202611: 28_000, ...dead };
    expect(holds(when, full)).toBe(true);
    for (const [name, count] of Object.entries(full)) {
      const isHold = name in dead;
      expect(holds(when, { ...full, [name]: isHold ? count - 1 : count + 1 }), name).toBe(false);
    }
  });
});

describe('the window of a minute', () => {
  it('has a bound for each eighth of the limit that the minute before may have used', () => {
    expect(staircase('r', 8, 1, at, 8)).toEqual(
      Array.from({ length: 8 }, (_, step) => [
        { counter: `r${minute - 1}`, atMost: step },
        { counter: `r${minute}`, atMost: 7 - step },
      ]),
    );
  });

  it('counts less of the minute before as time passes, rounded against the caller', () => {
    const later = instantOf(noon + 45_000);
    expect(
      staircase('t', 10, 3, later, 16).map((bounds) => bounds.map((bound) => 'atMost' in bound && bound.atMost)),
    ).toEqual([
      ...[
        [0, 7],
        [1, 6],
        [2, 6],
        [3, 6],
        [5, 5],
        [6, 5],
        [7, 5],
        [8, 4],
        [10, 4],
      ],
      ...[
        [11, 4],
        [12, 3],
        [13, 3],
        [15, 3],
        [16, 2],
        [17, 2],
        [18, 2],
        [20, 2],
      ],
    ]);
  });

  it('admits a token window after an overrun, and closes it after twice the limit', () => {
    const late = instantOf(noon + 59_000);
    const limits = { tokensPerMinute: 1_000 };
    const one = takenBy(limits, { ...estimate, inputTokens: 10, outputTokens: 0 }, late);
    expect(fits(limits, one, { [`t${minute - 1}`]: 2_000 })).toBe(true);
    expect(fits(limits, one, { [`t${minute - 1}`]: 2_001 })).toBe(false);
    const requests = { requestsPerMinute: 1_000 };
    expect(fits(requests, one, { [`r${minute - 1}`]: 1_000 })).toBe(true);
    expect(fits(requests, one, { [`r${minute - 1}`]: 1_001 })).toBe(false);
  });

  it('always admits the first call, whatever its cost', () => {
    expect(fits({ requestsPerMinute: 1 }, takenBy({ requestsPerMinute: 1 }, estimate, at), {})).toBe(true);
    const limits = { tokensPerMinute: 10 };
    expect(fits(limits, takenBy(limits, { ...estimate, inputTokens: 10 }, at), {})).toBe(true);
  });
});

describe('dead holds', () => {
  const counters = {
    ...{ n: 5, [`e${minute - 2}`]: 1, [`e${minute}`]: 2, [`e${minute + 1}`]: 4, [`e${minute - 9}`]: 0 },
    ...{ [`h20261126.${minute}`]: 10, [`h20261126.${minute + 1}`]: 20, [`H20261031.${minute - 1}`]: 30 },
    ...{ d20261126: 100, m202611: 200, m202610: 7, D20261031: 300, M202610: 400, M202611: 500 },
    ...{ [`r${minute - 1}`]: 3, [`t${minute}`]: 3 },
  };

  it('are what calls hold whose minute has come', () => {
    const dead = deadHolds(all, counters, instantOf(noon + 59_999));
    expect(dead).toEqual({
      ...{ [`e${minute - 2}`]: 1, [`e${minute}`]: 2, [`h20261126.${minute}`]: 10, [`H20261031.${minute - 1}`]: 30 },
    });
    expect(withoutDead(all, counters, dead)).toEqual({
      ...{ n: 2, [`e${minute + 1}`]: 4, [`e${minute - 9}`]: 0, [`h20261126.${minute + 1}`]: 20 },
      ...{ d20261126: 90, m202611: 190, m202610: 7, D20261031: 270, M202610: 370, M202611: 500 },
      ...{ [`r${minute - 1}`]: 3, [`t${minute}`]: 3 },
    });
  });

  it.each([
    [{ concurrent: 1 }, ['n']],
    [{ tokensPerDay: 1 }, ['d20261126']],
    [{ tokensPerMonth: 1 }, ['m202611']],
    [{ nanoPerDay: 1 }, ['D20261031']],
    [{ nanoPerMonth: 1 }, ['M202610']],
    [{ requestsPerMinute: 1 }, []],
  ] as [SharedLimits, string[]][])('free only what the rule %j counts', (limits, names) => {
    const dead = deadHolds(limits, counters, at);
    if (names.length === 0) expect(dead).toEqual({});
    const alive = withoutDead(limits, counters, dead);
    const changed = Object.entries(alive).filter(([name, count]) => Reflect.get(counters, name) !== count);
    expect(changed.map(([name]) => name)).toEqual(names);
  });

  it('of calls under way are summed for each total', () => {
    expect(heldOf(all, counters, 'd20261126')).toBe(30);
    expect(heldOf(all, counters, 'm202611')).toBe(30);
    expect(heldOf(all, counters, 'D20261031')).toBe(30);
    expect(heldOf(all, counters, 'M202610')).toBe(30);
    expect(heldOf(all, counters, 'M202611')).toBe(0);
    expect(heldOf(all, counters, 'n')).toBe(0);
  });
});

describe('deadMinuteOf', () => {
  it.each([
    ['e29', 29],
    ['h20261126.29', 29],
    ['H20261126.29', 29],
    ['n', Infinity],
    ['d20261126', Infinity],
    ['re29', Infinity],
    ['e29x', Infinity],
    ['h20261126x29', Infinity],
  ])('of %s is %d', (counter, dead) => {
    expect(deadMinuteOf(counter)).toBe(dead);
  });
});

describe('secondsUntilRoom', () => {
  it.each([
    [{ requestsPerMinute: 8 }, {}, 0, 1],
    // The minute before is full: an eighth of it is free after 7.5 s.
    [{ requestsPerMinute: 8 }, { [`r${minute - 1}`]: 8 }, 0, 8],
    [{ requestsPerMinute: 8 }, { [`r${minute - 1}`]: 8 }, 7_000, 1],
    // This minute is full: nothing is free before the next one.
    [{ requestsPerMinute: 8 }, { [`r${minute}`]: 8 }, 10_500, 57],
    [{ requestsPerMinute: 8 }, { [`r${minute}`]: 8 }, 10_470, 58],
    [{ requestsPerMinute: 1 }, { [`r${minute}`]: 1 }, 0, 120],
    [{ tokensPerMinute: 800 }, { [`t${minute - 1}`]: 1_600 }, 0, 36],
  ] as [SharedLimits, Record<string, number>, number, number][])(
    'is the first whole second at which %j with %j after %i ms has room: %i',
    (limits, counters, ms, seconds) => {
      const now = instantOf(noon + ms);
      const call = takenBy(limits, estimate, now);
      expect(secondsUntilRoom(limits, call, counters)).toBe(seconds);
    },
  );

  it('is never longer than two minutes', () => {
    const call = takenBy({ requestsPerMinute: 8 }, estimate, at);
    expect(secondsUntilRoom({ requestsPerMinute: 8 }, call, { [`r${minute}`]: 100 })).toBe(120);
    const endless = { ...takenBy({ tokensPerMinute: 8 }, estimate, at), rateTokens: 9 };
    expect(secondsUntilRoom({ tokensPerMinute: 8 }, endless, {})).toBe(120);
  });
});
