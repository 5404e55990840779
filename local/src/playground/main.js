import { element } from './element.js';
import { prepareForm, readForm } from './prepare-form.js';
import { readAnswer } from './read-answer.js';
import { showResult } from './show-result.js';

const send = element('send', HTMLButtonElement);
const stop = element('stop', HTMLButtonElement);
const copy = element('copy', HTMLButtonElement);
const form = element('request', HTMLFormElement);

/** @type {AbortController | undefined} */
let running;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!running) void ask();
});
stop.addEventListener('click', () => running?.abort());
copy.addEventListener('click', () => void copyCurl());
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') running?.abort();
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

element('host', HTMLElement).textContent = location.host;
await prepareForm();

async function ask() {
  const { dialect, path, headers: ownHeaders, token, body } = readForm();
  const controller = new AbortController();
  markRunning(controller);
  const result = showResult();
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
    result.end(failed ? 'error' : 'done');
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
