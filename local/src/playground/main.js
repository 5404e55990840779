import { element } from './element.js';
import { forgetTurns, keepTurn, showTurns } from './keep-turns.js';
import { prepareForm, readForm, showCurl } from './prepare-form.js';
import { readAnswer } from './read-answer.js';
import { showResult } from './show-result.js';

const send = element('send', HTMLButtonElement);
const stop = element('stop', HTMLButtonElement);
const copy = element('copy', HTMLButtonElement);
const restart = element('restart', HTMLButtonElement);
const form = element('request', HTMLFormElement);

/** @type {AbortController | undefined} */
let running;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!running) void ask();
});
stop.addEventListener('click', () => running?.abort());
copy.addEventListener('click', () => void copyCurl());
restart.addEventListener('click', () => {
  forgetTurns();
  showCurl();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') running?.abort();
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

await prepareForm();

async function ask() {
  const { dialect, path, headers: ownHeaders, token, body, model, prompt } = readForm();
  const controller = new AbortController();
  markRunning(controller);
  showTurns(prompt);
  const result = showResult(model);
  try {
    const headers = {
      'content-type': 'application/json',
      ...ownHeaders,
      ...(token !== '' && { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(path, { method: 'POST', headers, body, signal: controller.signal });
    result.head(response);
    let failed = false;
    for await (const piece of readAnswer(response, dialect)) {
      result.piece(piece);
      failed ||= piece.type === 'error' || piece.type === 'cut';
    }
    const answer = result.end(failed ? 'error' : 'done');
    if (!failed && prompt !== '' && answer !== '') keepTurn(prompt, answer);
    showCurl();
  } catch (error) {
    if (controller.signal.aborted) result.end('stopped');
    else result.end('error', String(error));
  } finally {
    markRunning(undefined);
  }
}

/**
 * Only one request runs at a time. The focus moves from the pressed button to the other one.
 *
 * @param {AbortController | undefined} controller
 */
function markRunning(controller) {
  const hadFocus = document.activeElement === (running ? stop : send);
  running = controller;
  send.disabled = controller !== undefined;
  stop.disabled = controller === undefined;
  if (hadFocus) (controller ? stop : send).focus();
}

async function copyCurl() {
  await navigator.clipboard.writeText(element('curl', HTMLPreElement).textContent);
  copy.textContent = 'Copied';
  setTimeout(() => {
    copy.textContent = 'Copy';
  }, 1_500);
}
