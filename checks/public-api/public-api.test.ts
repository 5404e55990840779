import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareLists } from './compare-lists.ts';
import type { Door, OpenDoor } from './door.ts';
import { judgeHiddenNames } from './judge-hidden-names.ts';
import { openDoors } from './open-doors.ts';
import { listName, renderList } from './render-list.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'bedrock-proxy-public-api-')));
const files = {
  'tsconfig.base.json': JSON.stringify({
    compilerOptions: {
      ...{ target: 'es2023', lib: ['es2023'], types: [], module: 'nodenext', strict: true, skipLibCheck: true },
      ...{ declaration: true, emitDeclarationOnly: true },
    },
  }),
  'packages/oven/package.json': '{ "type": "module" }',
  'packages/oven/src/index.ts': `export { bake, Cake } from './bake.js';
export type { Recipe } from './bake.js';
export { sizes, type Size } from './sizes.js';
`,
  'packages/oven/src/bake.ts': `import { readFileSync } from './sizes.js';
interface Flour { readonly grams: number }
/** A comment. */
export interface Recipe { readonly flour: Flour; readonly size?: 's' | 'm' }
/** Another comment. */
export function bake<Extra>(recipe: Recipe, extra: Extra) { return { recipe, extra, at: readFileSync() }; }
export class Cake {
  #crumbs = 1;
  eat(): number { return this.#crumbs--; }
}
`,
  'packages/oven/src/sizes.ts': `export const sizes = ['s', 'm'] as const;
const weights = { s: 1, m: 2 };
export type Size = keyof typeof weights;
export const readFileSync = (): number => 1;
`,
  'packages/shop/package.json': '{ "type": "module" }',
  'packages/shop/src/till/index.ts': `import type { Recipe } from '@bedrock-proxy/oven';
export const sell = (recipe: Recipe): void => {};
export { Cake as Pastry } from '@bedrock-proxy/oven';
`,
};
const sources: readonly Door[] = [
  { specifier: '@bedrock-proxy/oven', source: join(root, 'packages/oven/src/index.ts') },
  { specifier: '@bedrock-proxy/shop/till', source: join(root, 'packages/shop/src/till/index.ts') },
];

let oven: OpenDoor;
let till: OpenDoor;

beforeAll(() => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  [oven, till] = openDoors(root, sources) as [OpenDoor, OpenDoor];
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the list of a door', () => {
  it('shows each exported name with its members and signatures, by name and without comments', () => {
    expect(renderList(oven)).toBe(`# What @bedrock-proxy/oven exports. \`npm run api\` writes this file.

class Cake {
    #private;
    eat(): number;
}

interface Recipe {
    readonly flour: Flour;
    readonly size?: 's' | 'm';
}

type Size = keyof typeof weights;

function bake<Extra>(recipe: Recipe, extra: Extra): {
    recipe: Recipe;
    extra: Extra;
    at: number;
};

const sizes: readonly [
    "s",
    "m"
];
`);
  });

  it('shows a name that comes from another door, under the name that it is exported by', () => {
    expect(renderList(till)).toBe(`# What @bedrock-proxy/shop/till exports. \`npm run api\` writes this file.

// exported as Pastry
class Cake {
    #private;
    eat(): number;
}

const sell: (recipe: Recipe) => void;
`);
  });

  it('has a file named after its door', () => {
    expect(sources.map(listName)).toEqual(['oven.api.txt', 'shop-till.api.txt']);
  });
});

describe('the check of the lists', () => {
  const folder = join(root, 'lists');
  const lists = new Map([
    ['same.api.txt', 'a\nb\n'],
    ['changed.api.txt', 'a\nc\n'],
    ['new.api.txt', 'a\n'],
  ]);

  it('reports a list that differs with its lines, a door without a list and a list without a door', () => {
    mkdirSync(folder);
    for (const name of ['same', 'changed', 'old']) writeFileSync(join(folder, `${name}.api.txt`), 'a\nb\n');
    writeFileSync(join(folder, 'hidden-names.txt'), '');
    expect(compareLists(folder, lists)).toEqual([
      'changed.api.txt\n@@ -1,2 +1,2 @@\n a\n-b\n+c',
      'new.api.txt\nthis door has no list',
      'old.api.txt\nthis list has no door',
    ]);
  });
});

describe('public types are closed over public types', () => {
  it('finds each name of the project that a door refers to and no door exports', () => {
    expect(judgeHiddenNames([oven, till], '')).toEqual([
      '@bedrock-proxy/oven: Recipe -> Flour (no door exports it)',
      '@bedrock-proxy/oven: Size -> weights (no door exports it)',
    ]);
  });

  it('accepts what is allowed, and refuses a line that is no longer needed', () => {
    const allowed = `# A comment.
@bedrock-proxy/oven: Recipe -> Flour
@bedrock-proxy/oven: Size -> weights

@bedrock-proxy/oven: Cake -> Cream
`;
    expect(judgeHiddenNames([oven, till], allowed)).toEqual([
      '@bedrock-proxy/oven: Cake -> Cream (no longer so: delete the line)',
    ]);
  });
});
