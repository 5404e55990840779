import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notesFolder } from './workspace.mjs';

/**
 * What the launcher wrote down about its last success.
 *
 * @param {string} name
 * @returns {Record<string, unknown>} empty where there is no note or it cannot be read
 */
export function readNote(name) {
  try {
    return JSON.parse(readFileSync(join(notesFolder, `${name}.json`), 'utf8'));
  } catch {
    return {};
  }
}

/**
 * @param {string} name
 * @param {Record<string, unknown>} note
 */
export function writeNote(name, note) {
  mkdirSync(notesFolder, { recursive: true });
  const file = join(notesFolder, `${name}.json`);
  writeFileSync(`${file}.new`, JSON.stringify(note));
  renameSync(`${file}.new`, file);
}

/** @param {string} name */
export function discardNote(name) {
  rmSync(join(notesFolder, `${name}.json`), { force: true });
}
