import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notesFolder } from './workspace.mjs';

/**
 * Reads a note about the last successful run of a step.
 *
 * @param {string} name
 * @returns {Record<string, unknown>} empty if the note is missing or unreadable
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
