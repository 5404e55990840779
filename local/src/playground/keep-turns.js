import { element } from './element.js';

const list = element('turns', HTMLOListElement);
const restart = element('restart', HTMLButtonElement);

/** @type {import('./conversation.js').Turn[]} */
let turns = [];

/** The turns before the prompt, which are sent with it. */
export function earlierTurns() {
  return turns;
}

/**
 * Keeps a question and its complete answer for the next turn. The page shows them when the next question is asked.
 *
 * @param {string} prompt
 * @param {string} answer
 */
export function keepTurn(prompt, answer) {
  turns = [...turns, { role: 'user', text: prompt }, { role: 'assistant', text: answer }];
  restart.hidden = false;
}

/**
 * Shows the turns that are sent.
 *
 * @param {string} prompt the last one; empty for none
 */
export function showTurns(prompt) {
  const asked = prompt === '' ? [] : [/** @type {const} */ ({ role: 'user', text: prompt })];
  list.replaceChildren(
    ...[...turns, ...asked].map(({ role, text }) => {
      const item = document.createElement('li');
      item.className = role;
      item.textContent = text;
      return item;
    }),
  );
}

/** Forgets all turns. */
export function forgetTurns() {
  turns = [];
  restart.hidden = true;
  showTurns('');
}
