import { hash } from 'node:crypto';

/** Turns names into ones that Converse takes, and back. Two different names never become the same. */
export interface SafeNames {
  of(name: string): string;
  /** The name that `of` turned into this one; any other name as it is. */
  original(name: string): string;
}

/** Names of at most 64 letters, digits, `_` and `-`. */
export function createSafeNames(): SafeNames {
  return createNames((name, isTaken) => {
    const clean = name.replace(/[^A-Za-z0-9_-]/g, '_');
    return clean.length > longest || isTaken(clean) ? `${clean.slice(0, longest - 9)}_${digest(name, 8)}` : clean;
  });
}

/** Ids for Mistral's models, which take nine letters and digits. */
export function createShortIds(): SafeNames {
  return createNames((id) => (/^[A-Za-z0-9]{9}$/.test(id) ? id : digest(id, 9)));
}

const longest = 64;

function digest(name: string, length: number): string {
  return hash('sha256', name).slice(0, length);
}

function createNames(convert: (name: string, isTaken: (safe: string) => boolean) => string): SafeNames {
  const converted = new Map<string, string>();
  const originals = new Map<string, string>();
  return {
    of(name) {
      const known = converted.get(name);
      if (known !== undefined) return known;
      const safe = convert(name, (candidate) => originals.has(candidate));
      converted.set(name, safe);
      originals.set(safe, name);
      return safe;
    },
    original: (name) => originals.get(name) ?? name,
  };
}
